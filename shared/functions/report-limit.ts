import { Problem } from '../messages/problem.ts';

/** A console that fails in a loop is heard this often a minute, for each person and instance of the function. */
const maximumPerMinute = 10;
const minute = 60_000;
/** Whoever signs in is few; of more than this, those are forgotten who have been silent longest. */
const maximumRemembered = 1_000;

/** Counts what each person reports. Throws a 429 problem, which says when to come again, for one report too many. */
export function createReportLimit(remembered = maximumRemembered): (person: string, now: number) => void {
  const heard = new Map<string, { since: number; times: number }>();
  return (person, now) => {
    const before = heard.get(person);
    const entry = before && now - before.since < minute ? before : { since: now, times: 0 };
    if (entry.times >= maximumPerMinute) {
      const seconds = Math.ceil((entry.since + minute - now) / 1000);
      throw new Problem(429, 'too-many-reports', 'Too many reports', 'The first of these were heard.', {
        headers: { 'retry-after': `${seconds}` },
      });
    }
    heard.delete(person);
    heard.set(person, { ...entry, times: entry.times + 1 });
    for (const oldest of heard.keys()) {
      if (heard.size <= remembered) break;
      heard.delete(oldest);
    }
  };
}
