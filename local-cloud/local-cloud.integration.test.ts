import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTagsOfResourceCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from './core/free-port.ts';
import { type LocalCloud, startLocalCloud } from './index.ts';

const table = {
  name: 'orders',
  billing_mode: 'PAY_PER_REQUEST',
  hash_key: 'id',
  attribute: [{ name: 'id', type: 'S' }],
  stream_enabled: true,
  stream_view_type: 'NEW_AND_OLD_IMAGES',
  point_in_time_recovery: { enabled: true },
  ttl: { attribute_name: 'expires', enabled: true },
  tags: { team: 'a' },
};
const platform = {
  terraform: { backend: { local: { path: '../../../.state/platform.tfstate' } } },
  resource: {
    aws_dynamodb_table: { orders: table },
    aws_iam_role: { reader: { name: 'reader', assume_role_policy: '${jsonencode({"Statement" = []})}' } },
  },
  output: {
    orders: { value: '${aws_dynamodb_table.orders.name}' },
    stream: { value: '${aws_dynamodb_table.orders.stream_arn}' },
  },
};
const reports = {
  data: {
    terraform_remote_state: {
      'cross-stack-reference-input-platform': {
        backend: 'local',
        config: { path: '../../../.state/platform.tfstate' },
      },
    },
  },
  output: {
    where: { value: 'in ${data.terraform_remote_state.cross-stack-reference-input-platform.outputs.orders}' },
  },
};

let folder: string;
let cloud: LocalCloud | undefined;
let consolePort: number;

beforeAll(async () => {
  consolePort = await freePort();
  folder = mkdtempSync(join(tmpdir(), 'local-cloud-'));
  write('platform', platform);
  write('reports', reports);
});

afterEach(async () => {
  await cloud?.stop();
  cloud = undefined;
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(stack: string, content: object): void {
  mkdirSync(join(folder, 'stacks', stack), { recursive: true });
  writeFileSync(join(folder, 'stacks', stack, 'cdk.tf.json'), JSON.stringify(content));
}

async function start(): Promise<LocalCloud> {
  cloud = await startLocalCloud({
    stacksDirectory: join(folder, 'stacks'),
    dataDirectory: join(folder, 'data'),
    awsPort: 0,
    consolePort,
  });
  return cloud;
}

function clientSettings({ endpointUrl }: { endpointUrl: string }) {
  return {
    endpoint: endpointUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
}

async function streamedIds(settings: ReturnType<typeof clientSettings>, arn: string): Promise<unknown[]> {
  const streams = new DynamoDBStreamsClient(settings);
  const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn: arn }));
  expect(StreamDescription?.StreamArn).toBe(arn);
  const { ShardIterator } = await streams.send(
    new GetShardIteratorCommand({
      StreamArn: arn,
      ShardId: StreamDescription?.Shards?.[0]?.ShardId,
      ShardIteratorType: 'TRIM_HORIZON',
    }),
  );
  const { Records = [] } = await streams.send(new GetRecordsCommand({ ShardIterator }));
  expect(Records.every(({ awsRegion }) => awsRegion === 'us-east-1')).toBe(true);
  streams.destroy();
  return Records.map(({ dynamodb }) => dynamodb?.Keys?.['id']?.S);
}

describe('the local cloud', () => {
  it('makes a table of the Terraform, serves the SDK, streams, and keeps data over a restart', async () => {
    const first = await start();
    expect(first.outputs['platform']?.['orders']).toBe('orders');
    expect(first.outputs['reports']?.['where']).toBe('in orders');
    const stream = String(first.outputs['platform']?.['stream']);
    expect(stream).toMatch(/^arn:aws:dynamodb:us-east-1:000000000000:table\/orders\/stream\//);

    const client = new DynamoDBClient(clientSettings(first));
    const put = await client.send(new PutItemCommand({ TableName: 'orders', Item: { id: { S: 'one' } } }));
    expect(put.ConsumedCapacity).toBeUndefined();
    const again = new PutItemCommand({
      TableName: 'orders',
      Item: { id: { S: 'one' } },
      ConditionExpression: 'attribute_not_exists(id)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    await expect(client.send(again)).rejects.toMatchObject({
      name: 'ConditionalCheckFailedException',
      Item: { id: { S: 'one' } },
    });
    const two = { Put: { TableName: 'orders', Item: { id: { S: 'two' } } } };
    const three = {
      Put: { TableName: 'orders', Item: { id: { S: 'three' }, big: { S: 'x'.repeat(1500) } } },
    };
    const transaction = await client.send(
      new TransactWriteItemsCommand({ TransactItems: [two, three], ReturnConsumedCapacity: 'TOTAL' }),
    );
    expect(transaction.ConsumedCapacity).toEqual([
      { TableName: 'orders', CapacityUnits: 6, WriteCapacityUnits: 6 },
    ]);
    expect(await streamedIds(clientSettings(first), stream)).toEqual(['one', 'two', 'three']);
    client.destroy();
    await first.stop();

    const second = await start();
    expect(second.outputs).toEqual(first.outputs);
    const later = new DynamoDBClient(clientSettings(second));
    const found = await later.send(new GetItemCommand({ TableName: 'orders', Key: { id: { S: 'three' } } }));
    expect(found.Item?.['big']?.S).toHaveLength(1500);
    expect(await streamedIds(clientSettings(second), stream)).toEqual(['one', 'two', 'three']);
    later.destroy();
  });

  it('answers what DynamoDB Local lacks', async () => {
    const client = new DynamoDBClient(clientSettings(await start()));
    const { Table } = await client.send(new DescribeTableCommand({ TableName: 'orders' }));
    const arn = 'arn:aws:dynamodb:us-east-1:000000000000:table/orders';
    expect(Table?.TableArn).toBe(arn);
    const backups = await client.send(new DescribeContinuousBackupsCommand({ TableName: 'orders' }));
    expect(backups.ContinuousBackupsDescription?.PointInTimeRecoveryDescription).toMatchObject({
      PointInTimeRecoveryStatus: 'ENABLED',
    });
    const { Tags } = await client.send(new ListTagsOfResourceCommand({ ResourceArn: arn }));
    expect(Tags).toEqual([{ Key: 'team', Value: 'a' }]);
    const named = await client.send(new GetItemCommand({ TableName: arn, Key: { id: { S: 'no' } } }));
    expect(named.Item).toBeUndefined();
    client.destroy();
  });

  it('starts the database again when it ended, where those that poll its streams know it', async () => {
    const client = new DynamoDBClient(clientSettings(await start()));
    const read = () => client.send(new GetItemCommand({ TableName: 'orders', Key: { id: { S: 'one' } } }));
    const record = join(folder, 'data', 'dynamodb', 'process.json');
    const first = JSON.parse(readFileSync(record, 'utf8')).pid;
    process.kill(first, 'SIGKILL');
    await expect.poll(() => isRunning(first)).toBe(false);
    expect((await read()).Item?.['id']?.S).toBe('one');
    expect(JSON.parse(readFileSync(record, 'utf8')).pid).not.toBe(first);
    client.destroy();
  });

  it('adds an index to a table that holds items, and refuses another key', async () => {
    const indexed = {
      ...table,
      attribute: [...table.attribute, { name: 'owner', type: 'S' }],
      global_secondary_index: { name: 'byOwner', hash_key: 'owner', projection_type: 'ALL' },
    };
    write('platform', { ...platform, resource: { aws_dynamodb_table: { orders: indexed } } });
    const client = new DynamoDBClient(clientSettings(await start()));
    const { Table } = await client.send(new DescribeTableCommand({ TableName: 'orders' }));
    expect(Table?.GlobalSecondaryIndexes?.[0]).toMatchObject({ IndexName: 'byOwner', IndexStatus: 'ACTIVE' });
    client.destroy();
    await cloud?.stop();

    const rekeyed = { ...table, hash_key: 'owner', attribute: [{ name: 'owner', type: 'S' }] };
    write('platform', { ...platform, resource: { aws_dynamodb_table: { orders: rekeyed } } });
    await expect(start()).rejects.toThrow('platform/aws_dynamodb_table.orders: The key or the local indexes');
    write('platform', platform);
  });

  it('refuses unknown types by name, a folder in use and a taken port, each in a sentence', async () => {
    const running = await start();
    await expect(start()).rejects.toThrow('is in use by another local cloud');
    const port = Number(new URL(running.endpointUrl).port);
    const elsewhere = {
      stacksDirectory: join(folder, 'stacks'),
      dataDirectory: join(folder, 'other'),
      awsPort: port,
      consolePort,
    };
    await expect(startLocalCloud(elsewhere)).rejects.toThrow(
      `The port ${port} for the AWS endpoint is taken`,
    );
    write('unknown', { resource: { aws_quantum_computer: { q: {} } } });
    await expect(startLocalCloud({ ...elsewhere, awsPort: 0 })).rejects.toThrow(
      'aws_quantum_computer (unknown/aws_quantum_computer.q)',
    );
    rmSync(join(folder, 'stacks', 'unknown'), { recursive: true });
    await running.stop();
  });

  it('ends the database that a killed local cloud left behind, and finds every acknowledged item', async () => {
    const script = `
      import { startLocalCloud } from ${JSON.stringify(fileURLToPath(new URL('./index.ts', import.meta.url)))};
      const cloud = await startLocalCloud(${JSON.stringify({
        stacksDirectory: join(folder, 'stacks'),
        dataDirectory: join(folder, 'data'),
        awsPort: 0,
        consolePort,
      })});
      process.stdout.write(cloud.endpointUrl + '\\n');`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const endpointUrl = await new Promise<string>((resolve, reject) => {
      child.stdout.once('data', (text: Buffer) => resolve(text.toString().trim()));
      child.once('exit', () => reject(new Error('The local cloud ended before it was ready.')));
    });
    const client = new DynamoDBClient(clientSettings({ endpointUrl }));
    await client.send(new PutItemCommand({ TableName: 'orders', Item: { id: { S: 'before the kill' } } }));
    client.destroy();
    const { pid } = JSON.parse(readFileSync(join(folder, 'data', 'dynamodb', 'process.json'), 'utf8'));
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await exited;
    expect(isRunning(pid)).toBe(true);

    const later = new DynamoDBClient(clientSettings(await start()));
    expect(isRunning(pid)).toBe(false);
    const found = await later.send(
      new GetItemCommand({ TableName: 'orders', Key: { id: { S: 'before the kill' } } }),
    );
    expect(found.Item?.['id']?.S).toBe('before the kill');
    later.destroy();
  });
});

function isRunning(pid: number): boolean {
  try {
    return !execFileSync('ps', ['-o', 'stat=', '-p', String(pid)])
      .toString()
      .startsWith('Z');
  } catch {
    return false;
  }
}
