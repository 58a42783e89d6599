import { AwsError } from '../../core/errors.ts';
import type { TraceCondition } from '../../telemetry/index.ts';
import type { Comparison, Filter, ServicePattern } from './filter-parser.ts';
import { parseFilter } from './filter-parser.ts';

/** Answers the filter expression of a group, or undefined when there is no such group. */
export type FindGroup = (by: 'name' | 'arn', value: string) => string | undefined;

/** Groups that refer to each other end here. */
const MOST_GROUPS = 10;

/** Columns of `trace_summaries t` and of `trace_calls c` by keyword. */
const OF_TRACE: Readonly<Record<string, string>> = {
  ok: 't.ok',
  error: 't.error',
  fault: 't.fault',
  throttle: 't.throttle',
  partial: 't.partial',
  responsetime: 't.response_time',
  duration: 't.duration',
  'http.status': 't.http_status',
  'http.url': 't.http_url',
  'http.method': 't.http_method',
  'http.useragent': 't.http_useragent',
  'http.clientip': 't.http_clientip',
};
const OF_CALL: Readonly<Record<string, string>> = {
  ok: 'c.ok',
  error: 'c.error',
  fault: 'c.fault',
  throttle: 'c.throttle',
  partial: 'c.partial',
  inferred: 'c.inferred',
  remote: 'c.remote',
  root: 'c.root',
  first: '(c.depth = 0)',
  last: 'c.last',
  index: 'c.depth',
  responsetime: 'c.response_time',
  duration: 'c.response_time',
  'http.status': 'c.http_status',
  'http.url': 'c.http_url',
  'http.method': 'c.http_method',
  'http.useragent': 'c.http_useragent',
  'http.clientip': 'c.http_clientip',
  name: 'c.name',
  type: 'c.type',
};
/** Keywords of which a trace has many values, and their kind in `trace_values v`. */
const VALUES: Readonly<Record<string, string>> = {
  user: 'user',
  message: 'message',
  availabilityzone: 'zone',
  'instance.id': 'instance',
  'resource.arn': 'resource',
};

type Scope = 'trace' | 'call';
type Bind = (value: string | number | boolean) => '?';

/** The condition that an expression sets on `trace_summaries t`. Throws `InvalidRequestException`. */
export function traceCondition(expression: string, findGroup: FindGroup): TraceCondition {
  const values: TraceCondition['values'] = [];
  const bind: Bind = (value) => {
    values.push(value);
    return '?';
  };
  return { text: compile(parseFilter(expression), 'trace', { bind, findGroup, groups: 0 }), values };
}

interface Context {
  bind: Bind;
  findGroup: FindGroup;
  groups: number;
}

/** Every condition is true or false and never null, so that NOT means what it says. */
function compile(filter: Filter, scope: Scope, context: Context): string {
  switch (filter.kind) {
    case 'and':
    case 'or': {
      const left = compile(filter.left, scope, context);
      return `(${left} ${filter.kind.toUpperCase()} ${compile(filter.right, scope, context)})`;
    }
    case 'not':
      return `(NOT ${compile(filter.operand, scope, context)})`;
    case 'keyword':
      return keyword(filter.keyword, filter.comparison, scope, context);
    case 'annotation': {
      const key = `v.key = ${context.bind(filter.key)}`;
      const { comparison } = filter;
      const column = comparison ? annotationColumn(comparison) : '';
      const compared = comparison ? ` AND ${compare(column, comparison, context.bind)}` : '';
      return values('annotation', `${key}${compared}`, scope);
    }
    case 'group':
      return group(filter, scope, context);
    case 'service':
      return calls([...pattern(filter.service, 'c', context.bind), ...inner(filter.filter, context)], scope);
    case 'edge': {
      const from = pattern(filter.from, 'caller', context.bind);
      const to = pattern(filter.to, 'c', context.bind);
      const known = 'c.caller_name IS NOT NULL';
      return calls([known, ...from, ...to, ...inner(filter.filter, context)], scope);
    }
  }
}

function inner(filter: Filter | undefined, context: Context): string[] {
  return filter ? [compile(filter, 'call', context)] : [];
}

function keyword(name: string, comparison: Comparison, scope: Scope, { bind }: Context): string {
  const own = scope === 'trace' ? OF_TRACE[name] : OF_CALL[name];
  if (own !== undefined) return compare(own, comparison, bind);
  const kind = VALUES[name];
  if (kind !== undefined) return values(kind, compare('v.text', comparison, bind), scope);
  // Of a trace, what is said of services is said of any.
  const column = OF_CALL[name];
  if (column === undefined) throw new Error(`The keyword ${name} has no column.`);
  return calls([compare(column, comparison, bind)], scope);
}

function compare(column: string, { operator, value }: Comparison, bind: Bind): string {
  switch (operator) {
    case 'CONTAINS':
      return `coalesce(contains(${column}, ${bind(value)}), false)`;
    case 'BEGINSWITH':
      return `coalesce(starts_with(${column}, ${bind(value)}), false)`;
    case 'ENDSWITH':
      return `coalesce(ends_with(${column}, ${bind(value)}), false)`;
    default:
      return `coalesce(${column} ${operator} ${bind(value)}, false)`;
  }
}

function annotationColumn({ value }: Comparison): string {
  if (typeof value === 'number') return 'v.number';
  return typeof value === 'boolean' ? 'v.flag' : 'v.text';
}

function pattern({ name, type, account }: ServicePattern, whose: 'c' | 'caller', bind: Bind): string[] {
  const column = (field: string) => (whose === 'c' ? `c.${field}` : `c.caller_${field}`);
  return [
    ...(name === undefined ? [] : [`${column('name')} = ${bind(name)}`]),
    ...(type === undefined ? [] : [`${column('type')} = ${bind(type)}`]),
    ...(account === undefined ? [] : [`c.account = ${bind(account)}`]),
  ];
}

/** Within a service, another one is looked for in the same trace. */
function calls(conditions: string[], scope: Scope): string {
  const where = conditions.length === 0 ? 'true' : conditions.join(' AND ');
  const outer = scope === 'trace' ? 't.trace_id' : 'c.trace_id';
  return `(${outer} IN (SELECT c.trace_id FROM trace_calls c WHERE ${where}))`;
}

function values(kind: string, condition: string, scope: Scope): string {
  const found = `FROM trace_values v WHERE v.kind = '${kind}' AND ${condition}`;
  if (scope === 'trace') return `(t.trace_id IN (SELECT v.trace_id ${found}))`;
  return `((c.trace_id, c.name, c.type) IN (SELECT (v.trace_id, v.service_name, v.service_type) ${found}))`;
}

function group(filter: Extract<Filter, { kind: 'group' }>, scope: Scope, context: Context): string {
  const expression = context.findGroup(filter.by, filter.value);
  if (expression === undefined) {
    throw new AwsError('InvalidRequestException', `The group ${filter.value} does not exist.`);
  }
  if (context.groups >= MOST_GROUPS) {
    throw new AwsError('InvalidRequestException', 'Groups refer to too many groups.');
  }
  const deeper = { ...context, groups: context.groups + 1 };
  const condition = expression === '' ? 'true' : compile(parseFilter(expression), 'trace', deeper);
  const negation = filter.negated ? 'NOT ' : '';
  if (scope === 'trace') return `(${negation}${condition})`;
  return `(c.trace_id ${negation}IN (SELECT t.trace_id FROM trace_summaries t WHERE ${condition}))`;
}
