/** Calendar days of UTC as `2026-11-21`, which is how bills are cut. Texts compare as the days do. */
export type Day = string;

const length = 86_400_000;

/** The day in UTC on which an instant (epoch milliseconds) falls. */
export function dayAt(instant: number): Day {
  return new Date(instant).toISOString().slice(0, 10);
}

/** Whether the text names a day that the calendar has. */
export function isDay(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN;
  return !Number.isNaN(time) && dayAt(time) === text;
}

export function addDays(day: Day, days: number): Day {
  return dayAt(Date.parse(day) + days * length);
}

/** Days from one to the other, the latter not counted. */
export function daysBetween(from: Day, to: Day): number {
  return (Date.parse(to) - Date.parse(from)) / length;
}

export function firstOfMonth(day: Day): Day {
  return `${day.slice(0, 7)}-01`;
}

/** The first day of the month that is `months` after the day's own. */
export function firstOfMonthAfter(day: Day, months: number): Day {
  const [year = 0, month = 1] = day.split('-').map(Number);
  return dayAt(Date.UTC(year, month - 1 + months, 1));
}
