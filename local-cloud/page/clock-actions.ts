import type { MovableClock } from '../core/clock.ts';
import { timeText, type View } from '../core/view.ts';
import type { Actions } from './page.ts';

/** How far a clock may be moved at once, in milliseconds: a year. */
const farthest = 366 * 24 * 3_600_000;
const units: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `90s`, `15m`, `2h`, `1d` as milliseconds. Throws with a sentence that says how it is written. */
export function durationOf(text: unknown): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)([smhd])$/u.exec(String(text)) ?? [];
  const milliseconds = Number(number) * (units[unit] ?? Number.NaN);
  if (milliseconds > 0 && milliseconds <= farthest) return milliseconds;
  throw new Error('A time to move ahead is written as 90s, 15m, 2h or 1d, and is a year at most.');
}

/** Milliseconds as a person says them. */
export function aheadText(milliseconds: number): string {
  if (milliseconds < 1_000) return 'as the machine';
  const [unit = 's', size = 1_000] = Object.entries(units).findLast(([, most]) => milliseconds >= most) ?? [];
  return `${Number((milliseconds / size).toFixed(1))} ${unit} ahead`;
}

/** The clock of the services, and what waits for it. */
export function clockView(clock: MovableClock): View {
  return {
    id: 'clock',
    title: 'Clock',
    about:
      'The time of the services: what they wait for ends when it comes. The command line moves it: `local-cloud clock 1h`. What is measured, logged and signed bears the time of the machine.',
    show: () => [
      {
        kind: 'fields',
        title: 'Time',
        fields: [
          ['Now', timeText(clock.now())],
          ['Beside the machine', aheadText(clock.ahead)],
        ],
      },
      {
        kind: 'table',
        title: 'What is waited for',
        columns: ['When', 'What'],
        rows: clock.waits.slice(0, 200).map(({ due, what }) => [timeText(due), what]),
        empty: 'Nothing is waited for.',
      },
    ],
  };
}

/** What programs of this machine do with the clock. */
export function clockActions(clock: MovableClock): Actions {
  const told = () => ({ now: new Date(clock.now()).toISOString(), ahead: aheadText(clock.ahead) });
  return {
    'GET clock.json': () => ({ ...told(), waits: clock.waits.slice(0, 1_000) }),
    'POST clock': async ({ by }) => {
      const ended = await clock.advance(durationOf(by));
      return { ...told(), ended };
    },
  };
}
