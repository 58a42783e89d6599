import { invalid } from '#shared/messages/problem.ts';

/** The longest range of one query: a longer one costs much, and most groups keep no more. */
export const longestDays = 31;

/** Throws a 400 problem for a range that is empty or too long. */
export function assertRange(from: string, to: string): void {
  const days = (Date.parse(to) - Date.parse(from)) / 86_400_000;
  if (!(days > 0))
    throw invalid('Mend #/to and send it again.', [{ pointer: '#/to', detail: 'must be later than from' }]);
  if (days > longestDays)
    throw invalid('Mend #/from and send it again.', [
      { pointer: '#/from', detail: `must be at most ${longestDays} days before to` },
    ]);
}
