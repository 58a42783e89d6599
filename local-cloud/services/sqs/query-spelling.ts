import type { QuerySpelling } from '../../core/service.ts';
import { Repeated } from '../../gateway/xml.ts';

type Values = Record<string, unknown>;

/** The lists of the query protocol are called after one of their items. */
const lists: Record<string, string> = {
  AttributeName: 'AttributeNames',
  MessageAttributeName: 'MessageAttributeNames',
  MessageSystemAttributeName: 'MessageSystemAttributeNames',
  TagKey: 'TagKeys',
  SendMessageBatchRequestEntry: 'Entries',
  DeleteMessageBatchRequestEntry: 'Entries',
  ChangeMessageVisibilityBatchRequestEntry: 'Entries',
};
/** Maps are lists of pairs there. */
const maps: Record<string, string> = {
  Attribute: 'Attributes',
  MessageAttribute: 'MessageAttributes',
  MessageSystemAttribute: 'MessageSystemAttributes',
  Tag: 'Tags',
};

/** SQS as clients of the query protocol, those before 2023, speak it. */
export const querySpelling: QuerySpelling = {
  input(fields, { path }) {
    // Such clients send to the address of the queue, and old ones name it nowhere else.
    return path === '/' ? readFields(fields) : { QueueUrl: path, ...readFields(fields) };
  },
  output(operation, output) {
    return writeFields(operation, output as Values);
  },
};

function readFields(fields: Values): Values {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]): [string, unknown] => {
      const list = Object.hasOwn(lists, name) ? lists[name] : undefined;
      if (list) return [list, listOf(value).map((item) => (isValues(item) ? readFields(item) : item))];
      const map = Object.hasOwn(maps, name) ? maps[name] : undefined;
      return map ? [map, Object.fromEntries(listOf(value).map(pairOf))] : [name, value];
    }),
  );
}

function pairOf(item: unknown): [string, unknown] {
  const { Name, Key, Value } = isValues(item) ? item : {};
  return [String(Name ?? Key ?? ''), Value];
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}

function isValues(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function writeFields(operation: string, output: Values): Values {
  const pairs = (key: string, values: unknown) =>
    new Repeated(Object.entries(values as Values).map(([name, Value]) => ({ [key]: name, Value })));
  const written = Object.entries(output).map(([name, value]): [string, unknown] => {
    if (name === 'Attributes') return ['Attribute', pairs('Name', value)];
    if (name === 'MessageAttributes') return ['MessageAttribute', pairs('Name', value)];
    if (name === 'Tags') return ['Tag', pairs('Key', value)];
    if (!Array.isArray(value)) return [name, value];
    const items = value.map((item) => (isValues(item) ? writeFields(operation, item) : item));
    if (name === 'Messages') return ['Message', new Repeated(items)];
    if (name === 'QueueUrls') return ['QueueUrl', new Repeated(items)];
    if (name === 'Successful') return [`${operation}ResultEntry`, new Repeated(items)];
    if (name === 'Failed') return ['BatchResultErrorEntry', new Repeated(items)];
    return [name, new Repeated(items)];
  });
  return Object.fromEntries(written);
}
