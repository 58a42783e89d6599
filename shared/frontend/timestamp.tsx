import { formatInstant } from './time.ts';
import { useZone } from './time-range.ts';

/** An instant in the zone of the page, with the zone's name; UTC stands in the tooltip. */
export function Timestamp({ value }: { value: string }) {
  const zone = useZone();
  return (
    <time dateTime={value} title={formatInstant(value, 'UTC')}>
      {formatInstant(value, zone)}
    </time>
  );
}
