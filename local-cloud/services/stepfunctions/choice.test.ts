import { expect, test } from 'vitest';
import { choiceHolds } from './choice.ts';

const scope = {
  input: {
    s: 'log-7.txt',
    n: 5,
    m: 5,
    t: true,
    z: null,
    at: '2026-11-21T07:00:00Z',
    later: '2026-11-21T09:00:00+01:00',
  },
  context: { State: { Name: 'here' } },
};

test.each<[Record<string, unknown>, boolean]>([
  [{ Variable: '$.s', StringEquals: 'log-7.txt' }, true],
  [{ Variable: '$.s', StringLessThan: 'm' }, true],
  [{ Variable: '$.s', StringMatches: 'log-*.txt' }, true],
  [{ Variable: '$.s', StringMatches: 'log-\\*.txt' }, false],
  [{ Variable: '$.n', NumericGreaterThanEquals: 5 }, true],
  [{ Variable: '$.n', NumericLessThan: 5 }, false],
  [{ Variable: '$.n', NumericEqualsPath: '$.m' }, true],
  [{ Variable: '$.s', NumericEquals: 5 }, false],
  [{ Variable: '$.t', BooleanEquals: true }, true],
  [{ Variable: '$.at', TimestampEquals: '2026-11-21T07:00:00.000Z' }, true],
  [{ Variable: '$.at', TimestampLessThanPath: '$.later' }, true],
  [{ Variable: '$.z', IsNull: true }, true],
  [{ Variable: '$.gone', IsPresent: false }, true],
  [{ Variable: '$.z', IsPresent: true }, true],
  [{ Variable: '$.n', IsNumeric: true }, true],
  [{ Variable: '$.s', IsTimestamp: false }, true],
  [{ Variable: '$.t', IsString: true }, false],
  [{ Variable: '$.t', IsBoolean: true }, true],
  [{ Variable: '$$.State.Name', StringEquals: 'here' }, true],
  [{ Not: { Variable: '$.n', NumericEquals: 5 } }, false],
  [
    {
      And: [
        { Variable: '$.n', NumericEquals: 5 },
        { Variable: '$.t', BooleanEquals: false },
      ],
    },
    false,
  ],
  [
    {
      Or: [
        { Variable: '$.n', NumericEquals: 6 },
        { Variable: '$.t', BooleanEquals: true },
      ],
    },
    true,
  ],
])('%j holds: %s', (rule, expected) => {
  expect(choiceHolds(rule, scope)).toBe(expected);
});

test('a comparison of what is not there is a runtime failure', () => {
  expect(() => choiceHolds({ Variable: '$.gone', StringEquals: 'x' }, scope)).toThrow(
    "Invalid path '$.gone': The choice state's condition path references an invalid value.",
  );
  expect(() => choiceHolds({ Variable: '$.s', StringEqualsPath: '$.gone' }, scope)).toThrow('Invalid path');
});
