import { describe, expect, it } from 'vitest';
import { Endings } from './endings.ts';
import { type Line, numberText, tableOf, verdictOf } from './lines.ts';
import { median, percentile } from './statistics.ts';

const line = (changes: Partial<Line>): Line => ({
  part: 'API',
  what: 'p95',
  measured: 50,
  unit: 'ms',
  ...changes,
});

describe('a line of the bench', () => {
  it('meets a bar that it reaches, and says by how much it misses one', () => {
    expect(verdictOf(line({ bar: { must: 'be at most', value: 50 } }))).toBe('met');
    expect(verdictOf(line({ bar: { must: 'be at most', value: 40 } }))).toBe('NOT met, by 25.0 %');
    expect(verdictOf(line({ measured: 0.9, bar: { must: 'be at least', value: 0.9 } }))).toBe('met');
    expect(verdictOf(line({ measured: 0.72, bar: { must: 'be at least', value: 0.9 } }))).toBe(
      'NOT met, by 20.0 %',
    );
    expect(verdictOf(line({}))).toBe('');
  });

  it('never meets a bar by a measure that is missing', () => {
    const missing = line({ measured: Number.NaN, bar: { must: 'be at most', value: 1 } });
    expect(verdictOf(missing)).toMatch(/^NOT met/);
  });

  it('names its part only where a new one begins', () => {
    const rows = tableOf([line({}), line({ what: 'p50' })]).split('\n');
    expect(rows[2]).toMatch(/^\| API /);
    expect(rows[3]).toMatch(/^\| {5}/);
  });

  it('tells three digits that matter', () => {
    expect([1234.5, 42.123, 0.98765, 0].map(numberText)).toEqual(['1235', '42.1', '0.988', '0']);
  });
});

describe('a percentile', () => {
  it('lies between its neighbours, in whatever order they come', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1])).toBe(2.5);
    expect(percentile([10, 20, 30, 40, 50], 95)).toBeCloseTo(48);
    expect(median([])).toBeNaN();
  });
});

describe('endings', () => {
  it('run once, the last first, also behind one that fails', async () => {
    const ended: string[] = [];
    const endings = new Endings();
    endings.add(() => void ended.push('first'));
    endings.add(() => Promise.reject(new Error('It does not end.')));
    endings.add(() => void ended.push('last'));
    await expect(endings.run()).rejects.toThrow('It does not end.');
    await endings.run();
    expect(ended).toEqual(['last', 'first']);
  });
});
