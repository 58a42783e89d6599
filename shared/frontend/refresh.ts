import { useCallback, useEffect, useState } from 'react';
import { type Parameter, useUrlState } from './url-state.ts';

/** Seconds between automatic refreshes; 0 is off. Live reads of AWS cost money, so nothing is faster than 30 s. */
export const refreshIntervals = [0, 30, 60, 300] as const;

const interval: Parameter<number> = {
  absent: 0,
  read: (value) => refreshIntervals.find((seconds) => String(seconds) === value),
  write: String,
};

/** The key of the address that the refresh owns. */
export const refreshKeys = { refresh: interval } as const;

/** The present moment (epoch milliseconds), moved every `seconds` while the tab is visible; 0 leaves it alone. */
export function useTick(seconds: number): { now: number; move: () => void } {
  const [now, setNow] = useState(() => Date.now());
  const move = useCallback(() => setNow(Date.now()), []);
  useEffect(() => {
    if (seconds === 0) return;
    const timer = setInterval(() => {
      if (!document.hidden) move();
    }, seconds * 1000);
    return () => clearInterval(timer);
  }, [seconds, move]);
  return { now, move };
}

/** The moment that a page looks at, moved by `refresh` or by the interval in the address. */
export function useClock(): { now: number; seconds: number; refresh(): void; every(seconds: number): void } {
  const [{ refresh: seconds }, change] = useUrlState(refreshKeys);
  const { now, move } = useTick(seconds);
  return { now, seconds, refresh: move, every: (next) => change({ refresh: next }) };
}
