import { useMemo } from 'react';
import { browserZone, isZone } from './time.ts';
import { oneOf, type Parameter, useUrlState } from './url-state.ts';

/** The ranges that follow the clock, with their length in seconds. */
export const relativeRanges = {
  '15m': 900,
  '1h': 3600,
  '3h': 10_800,
  '12h': 43_200,
  '1d': 86_400,
  '3d': 259_200,
  '7d': 604_800,
  '30d': 2_592_000,
} as const;

export type RelativeRange = keyof typeof relativeRanges;

export const relativeRangeNames = Object.keys(relativeRanges) as RelativeRange[];

const instant: Parameter<string> = {
  absent: '',
  read: (value) => {
    const time = Date.parse(value);
    return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) && !Number.isNaN(time) ? value : undefined;
  },
  write: (value) => value,
};

const zone: Parameter<string> = {
  absent: '',
  read: (value) => (isZone(value) ? value : undefined),
  write: (value) => value,
};

/** The keys of the address that the time range owns on every page that has one. */
export const timeRangeKeys = {
  range: oneOf(relativeRangeNames, '3h'),
  /** Both or neither; then they win over `range`. */
  from: instant,
  to: instant,
  tz: zone,
} as const;

export interface TimeRange {
  range: RelativeRange;
  from: string;
  to: string;
  /** IANA name of the zone that times are shown in. */
  zone: string;
  absolute: boolean;
}

/** The range in the address. */
export function useTimeRange(): [TimeRange, ReturnType<typeof useUrlState<typeof timeRangeKeys>>[1]] {
  const [{ range, from, to, tz }, change] = useUrlState(timeRangeKeys);
  const absolute = from !== '' && to !== '' && Date.parse(from) < Date.parse(to);
  const value = useMemo(
    () => ({ range, from, to, zone: tz || browserZone(), absolute }),
    [range, from, to, tz, absolute],
  );
  return [value, change];
}

/** The zone to show times in: the one in the address, else the browser's. */
export function useZone(): string {
  return useTimeRange()[0].zone;
}

/**
 * The instants that a range means at `now` (epoch milliseconds). A relative range ends at the end of the running period
 * (seconds), so that its boundaries are the periods' boundaries.
 */
export function resolveRange(range: TimeRange, now: number, period: number): { from: string; to: string } {
  if (range.absolute)
    return { from: new Date(range.from).toISOString(), to: new Date(range.to).toISOString() };
  const step = period * 1000;
  const to = Math.ceil(now / step) * step;
  const from = Math.floor((now - relativeRanges[range.range] * 1000) / step) * step;
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}

/** The length of a range in seconds. */
export function rangeLength(range: TimeRange): number {
  return range.absolute
    ? (Date.parse(range.to) - Date.parse(range.from)) / 1000
    : relativeRanges[range.range];
}

/** The part of an address that follows a person from page to page. */
export function carriedSearch(search: URLSearchParams): string {
  const carried = new URLSearchParams();
  for (const key of Object.keys(timeRangeKeys)) {
    const value = search.get(key);
    if (value !== null) carried.set(key, value);
  }
  const text = carried.toString();
  return text ? `?${text}` : '';
}
