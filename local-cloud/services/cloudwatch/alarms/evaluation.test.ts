import { describe, expect, it } from 'vitest';
import { type AlarmState, type EvaluatedPeriod, evaluateRange } from './evaluation.ts';
import type { MissingData } from './settings.ts';

/** Oldest first: 0 is within the threshold, X breaches, - is missing. */
function range(picture: string): EvaluatedPeriod[] {
  return picture
    .split(' ')
    .map((sign, time) => (sign === '-' ? { time } : { time, breaching: sign === 'X' }));
}

function stateOf(picture: string, toAlarm: number, missingData: MissingData): AlarmState | 'retain' {
  const rule = { evaluationPeriods: 3, datapointsToAlarm: toAlarm, missingData };
  return evaluateRange(range(picture), rule)?.state ?? 'retain';
}

type Row = [picture: string, ...states: (AlarmState | 'retain')[]];
const TREATMENTS = ['missing', 'ignore', 'breaching', 'notBreaching'] as const;

function expectRows(toAlarm: number, rows: Row[]): void {
  for (const [picture, ...states] of rows) {
    const decided = TREATMENTS.map((treatment) => stateOf(picture, toAlarm, treatment));
    expect(decided, picture).toEqual(states);
  }
}

describe("the tables of AWS's documentation on missing data", () => {
  it('decides for three of three datapoints', () => {
    expectRows(3, [
      ['0 - X - X', 'OK', 'OK', 'OK', 'OK'],
      ['0 - - - -', 'OK', 'OK', 'OK', 'OK'],
      ['- - - - -', 'INSUFFICIENT_DATA', 'retain', 'ALARM', 'OK'],
      ['0 X X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
      ['- - X - -', 'ALARM', 'retain', 'ALARM', 'OK'],
    ]);
  });

  it('decides for two of three datapoints', () => {
    expectRows(2, [
      ['0 - X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
      ['0 0 X 0 X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
      ['0 - X - -', 'OK', 'OK', 'ALARM', 'OK'],
      ['- - - - 0', 'OK', 'OK', 'ALARM', 'OK'],
      ['- - - X -', 'ALARM', 'retain', 'ALARM', 'OK'],
    ]);
  });

  it('does not alarm at once on one intermittent datapoint', () => {
    expect(stateOf('- - - - X', 3, 'missing')).not.toBe('ALARM');
    expect(stateOf('- - - X -', 3, 'missing')).not.toBe('ALARM');
    expect(stateOf('- - - X 0', 3, 'missing')).toBe('OK');
    expect(stateOf('- - X - 0', 3, 'missing')).toBe('OK');
  });
});

describe('an alarm without missing data', () => {
  it('looks at the newest datapoints only', () => {
    expect(stateOf('X X 0 0 0', 1, 'missing')).toBe('OK');
    expect(stateOf('X X 0 0 X', 1, 'missing')).toBe('ALARM');
    expect(stateOf('X X X X 0', 3, 'missing')).toBe('OK');
  });

  it('tells which datapoints decided', () => {
    const rule = { evaluationPeriods: 3, datapointsToAlarm: 2, missingData: 'missing' as const };
    const evaluation = evaluateRange(range('0 - X - X'), rule);
    expect(evaluation?.decisive.map(({ time }) => time)).toEqual([0, 2, 4]);
    expect(evaluation?.filled).toBe(0);
  });
});
