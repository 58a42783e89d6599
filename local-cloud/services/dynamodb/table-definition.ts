import { blocks } from '../../core/blocks.ts';
import type { Attributes } from '../../core/service.ts';

export interface KeyElement {
  AttributeName: string;
  KeyType: 'HASH' | 'RANGE';
}

export interface Index {
  IndexName: string;
  KeySchema: KeyElement[];
  Projection: { ProjectionType: string; NonKeyAttributes?: string[] };
  ProvisionedThroughput?: Throughput;
}

interface Throughput {
  ReadCapacityUnits: number;
  WriteCapacityUnits: number;
}

/** A table in the words of DynamoDB's CreateTable. */
export interface TableDefinition {
  TableName: string;
  AttributeDefinitions: { AttributeName: string; AttributeType: string }[];
  KeySchema: KeyElement[];
  BillingMode: string;
  ProvisionedThroughput?: Throughput;
  GlobalSecondaryIndexes?: Index[];
  LocalSecondaryIndexes?: Index[];
  StreamSpecification: { StreamEnabled: boolean; StreamViewType?: string };
  DeletionProtectionEnabled: boolean;
}

/** Reads the arguments of `aws_dynamodb_table`. */
export function tableDefinition(desired: Attributes): TableDefinition {
  const billing = String(desired['billing_mode'] ?? 'PROVISIONED');
  const keys = keySchema(desired);
  const throughput = (block: Attributes) =>
    billing === 'PROVISIONED' ? { ProvisionedThroughput: units(block) } : {};
  const global = blocks(desired['global_secondary_index']).map((block) => {
    return { ...index(block, keySchema(block)), ...throughput(block) };
  });
  const local = blocks(desired['local_secondary_index']).map((block) => {
    const hash = keys.filter(({ KeyType }) => KeyType === 'HASH');
    return index(block, [...hash, { AttributeName: String(block['range_key']), KeyType: 'RANGE' }]);
  });
  const streaming = desired['stream_enabled'] === true;
  return {
    TableName: String(desired['name']),
    AttributeDefinitions: blocks(desired['attribute']).map(({ name, type }) => {
      return { AttributeName: String(name), AttributeType: String(type) };
    }),
    KeySchema: keys,
    BillingMode: billing,
    ...throughput(desired),
    ...(global.length > 0 ? { GlobalSecondaryIndexes: global } : {}),
    ...(local.length > 0 ? { LocalSecondaryIndexes: local } : {}),
    StreamSpecification: streaming
      ? { StreamEnabled: true, StreamViewType: String(desired['stream_view_type'] ?? 'NEW_AND_OLD_IMAGES') }
      : { StreamEnabled: false },
    DeletionProtectionEnabled: desired['deletion_protection_enabled'] === true,
  };
}

function keySchema({ hash_key, range_key }: Attributes): KeyElement[] {
  const range: KeyElement[] = range_key ? [{ AttributeName: String(range_key), KeyType: 'RANGE' }] : [];
  return [{ AttributeName: String(hash_key), KeyType: 'HASH' }, ...range];
}

function index(block: Attributes, keys: KeyElement[]): Index {
  const included = block['non_key_attributes'];
  return {
    IndexName: String(block['name']),
    KeySchema: keys,
    Projection: {
      ProjectionType: String(block['projection_type'] ?? 'ALL'),
      ...(Array.isArray(included) && included.length > 0 ? { NonKeyAttributes: included.map(String) } : {}),
    },
  };
}

function units(block: Attributes): Throughput {
  return {
    ReadCapacityUnits: Number(block['read_capacity'] ?? 5),
    WriteCapacityUnits: Number(block['write_capacity'] ?? 5),
  };
}

/** Two key schemas, projections or attributes are the same whatever the order they are written in. */
export function sameShape(one: unknown, other: unknown): boolean {
  return canonical(one) === canonical(other);
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).sort().join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, inner]) => `${key}:${canonical(inner)}`);
  return `{${entries.sort().join()}}`;
}
