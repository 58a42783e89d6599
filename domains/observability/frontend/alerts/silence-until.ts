import { zoneOffset } from '#shared/frontend/time.ts';

/** Lengths that are offered at once, in minutes. */
export const silencePresets = [
  { id: '30', text: '30 min' },
  { id: '60', text: '1 h' },
  { id: '240', text: '4 h' },
  { id: '1440', text: '1 d' },
  { id: 'until', text: 'Until…' },
] as const;

export type SilencePreset = (typeof silencePresets)[number]['id'];

const longestDays = 30;

/** What stands in the form; date (`2026-11-21`) and time (`08:30`) are wall-clock time in the page's zone. */
export interface SilenceDraft {
  preset: SilencePreset;
  date: string;
  time: string;
}

/** The end that the draft means, or nothing where date and time are not complete. */
export function untilOf({ preset, date, time }: SilenceDraft, zone: string, now: number): string | undefined {
  if (preset !== 'until') return new Date(now + Number(preset) * 60_000).toISOString();
  const wall =
    /^\d{4}-\d{2}-\d{2}$/.test(date) && /^\d{2}:\d{2}$/.test(time) ? Date.parse(`${date}T${time}:00Z`) : NaN;
  return Number.isNaN(wall) ? undefined : new Date(instantOf(wall, zone)).toISOString();
}

/** What is wrong with the end, in a sentence; empty when it can be sent. */
export function untilError(draft: SilenceDraft, zone: string, now: number): string {
  const until = untilOf(draft, zone, now);
  if (!until) return 'Enter a date and a time, such as 2026/11/21 and 08:30.';
  const ahead = Date.parse(until) - now;
  if (ahead <= 0) return 'Choose a time in the future.';
  return ahead > longestDays * 86_400_000 ? `Choose a time within ${longestDays} days.` : '';
}

/** The instant at which clocks in the zone show this wall-clock time (given as if it were UTC). */
function instantOf(wall: number, zone: string): number {
  // The offset is that of the instant sought, so the first guess is corrected once.
  const guess = wall - zoneOffset(new Date(wall), zone) * 60_000;
  return wall - zoneOffset(new Date(guess), zone) * 60_000;
}
