import type { Compile } from './functions.ts';
import { malformed } from './malformed.ts';
import { asNumber, asText, type Sql } from './sql.ts';
import type { Call } from './syntax.ts';

/** `time` is the SQL of the lines' time, where there are lines to aggregate and not results of another `stats`. */
type Write = (value: Sql, call: Call, time: string | undefined) => Sql;

const number = (sql: string): Sql => ({ sql, type: 'number' });

/** The least or greatest: as a number where the values are numbers. */
function extreme(name: 'min' | 'max'): Write {
  return (value) => {
    if (value.type !== 'any' && value.type !== 'text') return number(`${name}(${asNumber(value)})`);
    const asNumbers: Sql = number(`${name}(${asNumber(value)})`);
    return { sql: `coalesce(${asText(asNumbers)}, ${name}(${value.sql}))`, type: 'any' };
  };
}

function byTime(name: 'arg_min' | 'arg_max'): Write {
  return (value, call, time) => {
    if (time === undefined) {
      throw malformed(`${call.name} needs @timestamp, which an earlier stats has left behind.`, call);
    }
    return { sql: `${name}(${value.sql}, ${time})`, type: value.type };
  };
}

function fraction(call: Call): string {
  const percent = call.arguments[1];
  if (percent?.kind !== 'number' || percent.value < 0 || percent.value > 100) {
    throw malformed('pct takes a field and a percentage from 0 to 100.', call);
  }
  return String(percent.value / 100);
}

const definitions: Record<string, Write> = {
  count: (value) => number(`count(${value.sql})::DOUBLE`),
  count_distinct: (value) => number(`count(DISTINCT ${value.sql})::DOUBLE`),
  sum: (value) => number(`sum(${asNumber(value)})`),
  avg: (value) => number(`avg(${asNumber(value)})`),
  min: extreme('min'),
  max: extreme('max'),
  stddev: (value) => number(`stddev_samp(${asNumber(value)})`),
  median: (value) => number(`quantile_cont(${asNumber(value)}, 0.5)`),
  pct: (value, call) => number(`quantile_cont(${asNumber(value)}, ${fraction(call)})`),
  percentile: (value, call) => number(`quantile_cont(${asNumber(value)}, ${fraction(call)})`),
  earliest: byTime('arg_min'),
  latest: byTime('arg_max'),
  sortsfirst: (value) => ({ sql: `min(${asText(value)})`, type: 'text' }),
  sortslast: (value) => ({ sql: `max(${asText(value)})`, type: 'text' }),
};

export function isAggregate({ name }: Call): boolean {
  return Object.hasOwn(definitions, name);
}

/** Compiles one aggregate; `compile` compiles its argument in the rows that are aggregated. */
export function compileAggregate(call: Call, compile: Compile, time: string | undefined): Sql {
  const [argument] = call.arguments;
  const most = call.name === 'pct' || call.name === 'percentile' ? 2 : 1;
  if (call.arguments.length > most) throw malformed(`${call.name} takes ${most} arguments at most.`, call);
  if (call.name === 'count' && (argument === undefined || argument.kind === 'star')) {
    return number('count(*)::DOUBLE');
  }
  const write = definitions[call.name];
  if (!argument || !write) throw malformed(`${call.name} needs a field.`, call);
  return write(compile(argument), call, time);
}
