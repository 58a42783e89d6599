import { isIP } from 'node:net';
import { GraphQLError, GraphQLScalarType, Kind, type ValueNode, valueFromASTUntyped } from 'graphql';

/**
 * The scalars that AppSync brings to every schema.
 * https://docs.aws.amazon.com/appsync/latest/devguide/scalars.html
 */
type Check = (value: unknown) => boolean;

const zone = String.raw`(Z|[+-]\d{2}:\d{2}(:\d{2})?)`;
const date = String.raw`-?\d{4,}-\d{2}-\d{2}`;
const time = String.raw`([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?`;
const datePattern = new RegExp(`^${date}${zone}?$`, 'u');
const timePattern = new RegExp(`^${time}${zone}?$`, 'u');
const dateTimePattern = new RegExp(`^${date}T${time}${zone}$`, 'u');

const matches =
  (pattern: RegExp): Check =>
  (value) =>
    typeof value === 'string' && pattern.test(value);

/** True when the day is one of the calendar: 30 February is none. */
const isDay: Check = (value) => {
  const day = String(value).slice(0, 10);
  const parsed = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(day);
};

const checks: Record<string, Check> = {
  AWSDate: (value) => matches(datePattern)(value) && isDay(value),
  AWSTime: matches(timePattern),
  AWSDateTime: (value) => matches(dateTimePattern)(value) && isDay(value),
  AWSTimestamp: (value) => Number.isSafeInteger(value),
  AWSEmail: matches(/^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/u),
  AWSURL: (value) => typeof value === 'string' && URL.canParse(value),
  AWSPhone: matches(/^\+?[\d\s().-]{4,24}$/u),
  AWSIPAddress: (value) => {
    const [address = '', prefix, ...more] = String(value).split('/');
    const version = isIP(address);
    if (version === 0 || more.length > 0) return false;
    return (
      prefix === undefined || (/^\d{1,3}$/u.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128))
    );
  },
};

function checked(name: string, check: Check): GraphQLScalarType {
  const accept = (value: unknown): unknown => {
    if (!check(value)) throw invalid(name, value);
    return value;
  };
  return new GraphQLScalarType({
    name,
    parseValue: accept,
    serialize: (value) => {
      const plain = name === 'AWSTimestamp' && typeof value === 'string' ? Number(value) : value;
      if (!check(plain))
        throw new GraphQLError(
          `Can't serialize value : Unable to serialize '${shown(value)}' as a valid ${name}.`,
        );
      return plain;
    },
    parseLiteral: (node, variables) => accept(valueFromASTUntyped(node, variables)),
  });
}

/** JSON in a text: resolvers get what it holds, and what they answer is written as a text again. */
const json = new GraphQLScalarType({
  name: 'AWSJSON',
  parseValue: parseJson,
  parseLiteral: (node: ValueNode) => {
    if (node.kind !== Kind.STRING) throw invalid('AWSJSON', valueFromASTUntyped(node));
    return parseJson(node.value);
  },
  serialize: (value) => {
    if (typeof value !== 'string') return JSON.stringify(value);
    parseJson(value);
    return value;
  },
});

function parseJson(value: unknown): unknown {
  if (typeof value !== 'string') throw invalid('AWSJSON', value);
  try {
    return JSON.parse(value) as unknown;
  } catch {
    throw invalid('AWSJSON', value);
  }
}

function invalid(name: string, value: unknown): GraphQLError {
  return new GraphQLError(`Unable to parse '${shown(value)}' as a valid ${name}.`);
}

const shown = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

export const awsScalars: ReadonlyMap<string, GraphQLScalarType> = new Map([
  ...Object.entries(checks).map(([name, check]) => [name, checked(name, check)] as const),
  ['AWSJSON', json],
]);
