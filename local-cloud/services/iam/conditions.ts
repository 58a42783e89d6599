import { BlockList, isIP } from 'node:net';
import { fieldsOf, malformed, texts } from './document.ts';
import { pattern, type Variables } from './patterns.ts';

/** One line of a Condition block: whether the request meets it. */
export type Condition = (context: Context) => boolean;

/** What is known of a request: values by key, in lower case. */
export type Context = Readonly<Record<string, string | readonly string[] | undefined>>;

type Test = (value: string, wanted: string, variables: Variables) => boolean;

const likes = (value: string, wanted: string, variables: Variables) =>
  pattern(wanted, false).matches(value, variables);
const plain = (wanted: string, variables: Variables) =>
  wanted.replace(/\$\{([^}]*)\}/gu, (_, name: string) =>
    '*?$'.includes(name) ? name : (variables(name) ?? '\u0000'),
  );

/** Of each operator the form that asks whether something is so; `Not` in a name turns it round. */
const tests: Readonly<Record<string, Test>> = {
  StringEquals: (value, wanted, variables) => value === plain(wanted, variables),
  StringEqualsIgnoreCase: (value, wanted, variables) =>
    value.toLowerCase() === plain(wanted, variables).toLowerCase(),
  StringLike: likes,
  ArnEquals: likes,
  ArnLike: likes,
  NumericEquals: (value, wanted) => Number(value) === Number(wanted),
  NumericLessThan: (value, wanted) => Number(value) < Number(wanted),
  NumericLessThanEquals: (value, wanted) => Number(value) <= Number(wanted),
  NumericGreaterThan: (value, wanted) => Number(value) > Number(wanted),
  NumericGreaterThanEquals: (value, wanted) => Number(value) >= Number(wanted),
  DateEquals: (value, wanted) => instant(value) === instant(wanted),
  DateLessThan: (value, wanted) => instant(value) < instant(wanted),
  DateLessThanEquals: (value, wanted) => instant(value) <= instant(wanted),
  DateGreaterThan: (value, wanted) => instant(value) > instant(wanted),
  DateGreaterThanEquals: (value, wanted) => instant(value) >= instant(wanted),
  Bool: (value, wanted) => value.toLowerCase() === wanted.toLowerCase(),
  IpAddress: isWithin,
};

/** Reads a Condition block; all of it must be met. An operator that is not known here is refused, never passed over. */
export function readConditions(block: unknown): Condition[] {
  if (block === undefined) return [];
  return Object.entries(fieldsOf(block)).flatMap(([operator, keys]) =>
    Object.entries(fieldsOf(keys)).map(([key, wanted]) => readCondition(operator, key, texts(wanted))),
  );
}

function readCondition(operator: string, key: string, wanted: readonly string[]): Condition {
  const [, set, name = '', ifExists] =
    /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/u.exec(operator) ?? [];
  const lower = key.toLowerCase();
  if (name === 'Null' && set === undefined && ifExists === undefined) {
    return (context) => wanted.includes(String(context[lower] === undefined));
  }
  const negated = /^(String|Arn|Numeric|Date)Not|^NotIp/u.test(name);
  const test = tests[name.replace(/^(String|Arn|Numeric|Date)Not/u, '$1').replace(/^NotIp/u, 'Ip')];
  if (!test) throw malformed(`its condition operator ${operator} is not known here`);
  return (context) => {
    const found = context[lower];
    const values = found === undefined ? [] : typeof found === 'string' ? [found] : found;
    if (values.length === 0)
      return ifExists !== undefined || set === 'ForAllValues' || (negated && set === undefined);
    const variables: Variables = (variable) => {
      const value = context[variable.toLowerCase()];
      return typeof value === 'string' ? value : undefined;
    };
    const meets = (value: string) => wanted.some((each) => test(value, each, variables)) !== negated;
    return set === 'ForAllValues' || (negated && set === undefined)
      ? values.every(meets)
      : values.some(meets);
  };
}

/** Seconds since 1970 or RFC 3339. */
function instant(text: string): number {
  return /^\d+$/u.test(text) ? Number(text) * 1000 : Date.parse(text);
}

function isWithin(value: string, range: string): boolean {
  const [network = '', bits] = range.split('/');
  const version = isIP(network);
  if (version === 0 || isIP(value) === 0) return false;
  const type = version === 4 ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  list.addSubnet(network, bits === undefined ? (version === 4 ? 32 : 128) : Number(bits), type);
  return isIP(value) === version && list.check(value, type);
}
