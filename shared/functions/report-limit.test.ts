import { describe, expect, test } from 'vitest';
import { createReportLimit } from './report-limit.ts';

const tooMany = expect.objectContaining({ status: 429, slug: 'too-many-reports' });
const tenTimes = (report: () => void) => Array.from({ length: 10 }, report);

describe('the limit of reports', () => {
  test('hears each person ten times a minute', () => {
    const limit = createReportLimit();
    tenTimes(() => limit('a', 0));
    expect(() => limit('a', 59_999)).toThrow(tooMany);
    expect(() => limit('b', 59_999)).not.toThrow();
    tenTimes(() => limit('a', 60_000));
    expect(() => limit('a', 60_000)).toThrow(tooMany);
  });

  test.each([
    [0, '60'],
    [58_001, '2'],
    [59_999, '1'],
  ])('says after %i milliseconds to come again in %s s', (now, seconds) => {
    const limit = createReportLimit();
    tenTimes(() => limit('a', 0));
    expect(() => limit('a', now)).toThrow(expect.objectContaining({ headers: { 'retry-after': seconds } }));
  });

  test('forgets whoever has been silent longest when there are more people than it remembers', () => {
    const limit = createReportLimit(2);
    for (let times = 0; times < 9; times++) limit('a', 0);
    tenTimes(() => limit('b', 0));
    limit('a', 0);
    limit('c', 0);
    expect(() => limit('a', 0)).toThrow(tooMany);
    // Was heard ten times, too, and has room again.
    expect(() => limit('b', 0)).not.toThrow();
  });
});
