import { malformed } from './malformed.ts';
import { asBoolean, asNumber, asText, asTime, type Bindings, type Sql, type Type } from './sql.ts';
import type { Call, Expression, Period } from './syntax.ts';

/** Compiles an argument in its surroundings. */
export type Compile = (expression: Expression) => Sql;

interface Context {
  call: Call;
  compile: Compile;
  bindings: Bindings;
}

interface Definition {
  least: number;
  most: number;
  write(given: Sql[], context: Context): Sql;
}

const number = (sql: string): Sql => ({ sql, type: 'number' });
const text = (sql: string): Sql => ({ sql, type: 'text' });
const boolean = (sql: string): Sql => ({ sql, type: 'boolean' });

const ofNumbers = (least: number, most: number, write: (...numbers: string[]) => string): Definition => ({
  least,
  most,
  write: (given) => number(write(...given.map(asNumber))),
});

const ofTexts = (
  least: number,
  most: number,
  write: (...texts: string[]) => string,
  type: Type = 'text',
): Definition => ({ least, most, write: (given) => ({ sql: write(...given.map(asText)), type }) });

/** A position in a text: a whole number that is not negative, and not past any text. */
function position(value: Sql): string {
  return `least(greatest(coalesce(trunc(${asNumber(value)}), 0), 0), 1e9)::BIGINT`;
}

function trim(name: string): Definition {
  return ofTexts(1, 2, (value = '', characters) =>
    characters === undefined ? `${name}(${value}, e' \\t\\n\\r')` : `${name}(${value}, ${characters})`,
  );
}

const SOLID_UNITS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const CALENDAR_UNITS: Record<string, string> = { w: 'week', mo: 'month', q: 'quarter', y: 'year' };
const SPELLINGS: Record<string, string> = {
  ...{
    msec: 'ms',
    sec: 's',
    secs: 's',
    second: 's',
    seconds: 's',
    min: 'm',
    mins: 'm',
    minute: 'm',
    minutes: 'm',
  },
  ...{ hr: 'h', hrs: 'h', hour: 'h', hours: 'h', day: 'd', days: 'd', week: 'w', weeks: 'w' },
  ...{
    mon: 'mo',
    month: 'mo',
    months: 'mo',
    qtr: 'q',
    quarter: 'q',
    quarters: 'q',
    yr: 'y',
    yrs: 'y',
    year: 'y',
    years: 'y',
  },
};

function steps(period: Expression | undefined, call: Call): { count: number; unit: string; at: Period } {
  if (period?.kind !== 'period') {
    throw malformed(
      `${call.name} needs a period such as 5m: a number and ms, s, m, h, d, w, mo, q or y.`,
      period ?? call,
    );
  }
  const unit = Object.hasOwn(SPELLINGS, period.unit) ? (SPELLINGS[period.unit] ?? '') : period.unit;
  const isKnown = Object.hasOwn(SOLID_UNITS, unit) || Object.hasOwn(CALENDAR_UNITS, unit);
  if (!isKnown || !Number.isInteger(period.count) || period.count < 1 || period.count > 1_000_000) {
    throw malformed(`There is no period ${period.count}${period.unit}.`, period);
  }
  return { count: period.count, unit, at: period };
}

/** The start of the period that holds a time, and of the one after where `next`. */
export function bin(time: string, period: Expression | undefined, call: Call, next = false): Sql {
  const { count, unit } = steps(period, call);
  const size = SOLID_UNITS[unit];
  if (size !== undefined) {
    const width = `${count * size}`;
    // An integer division cuts towards zero, which only times before 1970 would show.
    const floor = next
      ? `((${time}) + ${width} - 1) // ${width} * ${width}`
      : `(${time}) // ${width} * ${width}`;
    return { sql: `(${floor})`, type: 'time' };
  }
  const calendar = CALENDAR_UNITS[unit] ?? 'week';
  const interval = `to_${calendar}s(${count})`;
  const floor = `time_bucket(${interval}, make_timestamp_ms(${time}))`;
  if (!next) return { sql: `epoch_ms(${floor})`, type: 'time' };
  const isStart = `${floor} = make_timestamp_ms(${time})`;
  return {
    sql: `epoch_ms(CASE WHEN ${isStart} THEN ${floor} ELSE ${floor} + ${interval} END)`,
    type: 'time',
  };
}

/** One type for several values: theirs if they agree, else text. */
function unite(values: Sql[]): { type: Type; sql: string[] } {
  const [first] = values;
  const isSame = first !== undefined && values.every(({ type }) => type === first.type);
  return isSame
    ? { type: first.type, sql: values.map(({ sql }) => sql) }
    : { type: 'any', sql: values.map(asText) };
}

const definitions: Record<string, Definition> = {
  abs: ofNumbers(1, 1, (a) => `abs(${a})`),
  ceil: ofNumbers(1, 1, (a) => `ceil(${a})`),
  floor: ofNumbers(1, 1, (a) => `floor(${a})`),
  greatest: ofNumbers(1, 99, (...all) => `greatest(${all.join(', ')})`),
  least: ofNumbers(1, 99, (...all) => `least(${all.join(', ')})`),
  // A logarithm or a root that does not exist is no value, and must not end the query.
  log: ofNumbers(1, 1, (a) => `(CASE WHEN ${a} > 0 THEN ln(${a}) END)`),
  sqrt: ofNumbers(1, 1, (a) => `(CASE WHEN ${a} >= 0 THEN sqrt(${a}) END)`),

  strlen: ofTexts(1, 1, (a) => `length(${a})::DOUBLE`, 'number'),
  toupper: ofTexts(1, 1, (a) => `upper(${a})`),
  tolower: ofTexts(1, 1, (a) => `lower(${a})`),
  trim: trim('trim'),
  ltrim: trim('ltrim'),
  rtrim: trim('rtrim'),
  concat: ofTexts(1, 99, (...all) => `concat(${all.join(', ')})`),
  replace: ofTexts(3, 3, (value, what, by) => `replace(${value}, ${what}, ${by})`),
  strcontains: ofTexts(2, 2, (value, what) => `contains(${value}, ${what})::INTEGER::DOUBLE`, 'number'),
  startswith: ofTexts(2, 2, (value, what) => `starts_with(${value}, ${what})`, 'boolean'),
  endswith: ofTexts(2, 2, (value, what) => `ends_with(${value}, ${what})`, 'boolean'),
  isempty: ofTexts(1, 1, (a) => `(${a} IS NULL OR ${a} = '')`, 'boolean'),
  isblank: ofTexts(1, 1, (a) => `(${a} IS NULL OR trim(${a}, e' \\t\\n\\r') = '')`, 'boolean'),
  substr: {
    least: 2,
    most: 3,
    write([value = text("''"), start = number('0'), length]) {
      const from = `${position(start)} + 1`;
      const rest = length ? `, ${position(length)}` : '';
      return text(`substr(${asText(value)}, ${from}${rest})`);
    },
  },

  ispresent: { least: 1, most: 1, write: ([value]) => boolean(`(${value?.sql} IS NOT NULL)`) },
  coalesce: {
    least: 1,
    most: 99,
    write(given) {
      const { type, sql } = unite(given);
      return { sql: `coalesce(${sql.join(', ')})`, type };
    },
  },
  if: {
    least: 3,
    most: 3,
    write([condition = boolean('NULL'), yes = text('NULL'), no = text('NULL')]) {
      const { type, sql } = unite([yes, no]);
      return { sql: `(CASE WHEN ${asBoolean(condition)} THEN ${sql[0]} ELSE ${sql[1]} END)`, type };
    },
  },

  tomillis: { least: 1, most: 1, write: ([value = number('NULL')]) => number(asNumber(value)) },
  frommillis: {
    least: 1,
    most: 1,
    write: ([value = number('NULL')]) => ({ sql: asTime(value), type: 'time' }),
  },
  now: {
    least: 0,
    most: 0,
    write: (_, { bindings }) => number(bindings.bind(Math.floor(Date.now() / 1_000))),
  },
};

/** Functions of a time and a period, which is no value by itself. */
const TIME_FUNCTIONS = ['datefloor', 'dateceil'];

/** Compiles a call of a function; aggregates and `bin`, which need their surroundings, are not among these. */
export function compileCall(call: Call, compile: Compile, bindings: Bindings): Sql {
  if (TIME_FUNCTIONS.includes(call.name)) {
    const [time, period] = call.arguments;
    if (!time || call.arguments.length !== 2)
      throw malformed(`${call.name} takes a time and a period.`, call);
    return bin(asTime(compile(time)), period, call, call.name === 'dateceil');
  }
  const definition = Object.hasOwn(definitions, call.name) ? definitions[call.name] : undefined;
  if (!definition) throw malformed(`There is no function ${call.name}.`, call);
  const { least, most } = definition;
  if (call.arguments.length < least || call.arguments.length > most) {
    const wanted = least === most ? `${least}` : `${least} to ${most}`;
    throw malformed(`${call.name} takes ${wanted} arguments, not ${call.arguments.length}.`, call);
  }
  return definition.write(call.arguments.map(compile), { call, compile, bindings });
}
