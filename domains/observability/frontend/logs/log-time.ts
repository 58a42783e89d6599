const formats = new Map<string, Intl.DateTimeFormat>();

/** `21 Nov, 07:57:42.103`: to the millisecond, for lists that name the zone once. */
export function formatMoment(instant: string | number, zone: string): string {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return String(instant);
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      day: 'numeric',
      month: 'short',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      fractionalSecondDigits: 3,
    });
    formats.set(zone, format);
  }
  return format.format(date);
}
