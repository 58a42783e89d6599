import { setTimeout as delay } from 'node:timers/promises';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { SFNClient, StartSyncExecutionCommand } from '@aws-sdk/client-sfn';
import { GetQueueAttributesCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { arnOf, names } from '../../../local-cloud/testing/project.ts';
import { median } from '../statistics.ts';

/** Milliseconds of one call each, at the median. */
export interface Overhead {
  readonly ours: number;
  readonly floor: number;
}

/** Milliseconds of all the work, ours and of the floor, at the median over the rounds. */
export interface Throughput extends Overhead {
  readonly count: number;
}

export interface Clients {
  readonly dynamodb: DynamoDBClient;
  /** Past the gateway, to DynamoDB Local itself. */
  readonly engine: DynamoDBClient;
  readonly lambda: LambdaClient;
  /** To a bare server that calls the handler. */
  readonly bareLambda: LambdaClient;
  readonly events: EventBridgeClient;
  readonly queues: SQSClient;
  readonly machines: SFNClient;
}

const atOnce = 16;
const perBatch = 10;

export function clientsOf(endpoint: string, engineEndpoint: string, bareEndpoint: string): Clients {
  const settings = {
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  return {
    dynamodb: new DynamoDBClient(settings),
    engine: new DynamoDBClient({ ...settings, endpoint: engineEndpoint }),
    lambda: new LambdaClient(settings),
    bareLambda: new LambdaClient({ ...settings, endpoint: bareEndpoint }),
    events: new EventBridgeClient(settings),
    queues: new SQSClient(settings),
    // Otherwise the SDK would ask `sync-127.0.0.1`.
    machines: new SFNClient({ ...settings, disableHostPrefix: true }),
  };
}

/** A put through the gateway beside the same put to DynamoDB Local itself, in turns. */
export function putOverhead({ dynamodb, engine }: Clients, calls: number): Promise<Overhead> {
  const put = (client: DynamoDBClient) => (turn: number) =>
    client.send(
      new PutItemCommand({
        TableName: names.table,
        Item: { id: { S: `item-${turn % 100}` }, text: { S: 'x'.repeat(200) } },
      }),
    );
  return inTurns(calls, put(dynamodb), put(engine));
}

/** A warm invocation beside the same request to a bare server that calls the handler, in turns. */
export function invokeOverhead({ lambda, bareLambda }: Clients, calls: number): Promise<Overhead> {
  return inTurns(
    calls,
    (turn) => invoke(lambda, turn),
    (turn) => invoke(bareLambda, turn),
  );
}

/** Events that a rule routes to a queue, until the last is there, beside messages sent to a queue at once. */
export async function routedEvents(clients: Clients, count: number, rounds: number): Promise<Throughput> {
  const { events, queues } = clients;
  let routed = 0;
  let direct = 0;
  return inRounds(
    count,
    rounds,
    async () => {
      routed += count;
      await parallel(count / perBatch, () =>
        events.send(
          new PutEventsCommand({
            Entries: batch((index) => ({
              EventBusName: names.bus,
              Source: names.source,
              DetailType: 'Measured',
              Detail: JSON.stringify({ number: index }),
            })),
          }),
        ),
      );
      await untilCount(queues, names.routed, routed);
    },
    async () => {
      direct += count;
      await parallel(count / perBatch, () =>
        queues.send(
          new SendMessageBatchCommand({
            QueueUrl: names.direct,
            Entries: batch((index) => ({ Id: `${index}`, MessageBody: JSON.stringify({ number: index }) })),
          }),
        ),
      );
      await untilCount(queues, names.direct, direct);
    },
  );
}

/** Express executions that choose and then call a function, beside calls of that function. */
export function expressExecutions({ machines, lambda }: Clients, count: number, rounds: number) {
  const stateMachineArn = arnOf('states', `stateMachine:${names.express}`);
  return inRounds(
    count,
    rounds,
    () =>
      parallel(count, async (number) => {
        const { status, cause } = await machines.send(
          new StartSyncExecutionCommand({ stateMachineArn, input: JSON.stringify({ number }) }),
        );
        if (status !== 'SUCCEEDED') throw new Error(`An execution ended as ${status}: ${cause}`);
      }),
    () => parallel(count, (number) => invoke(lambda, number)),
  );
}

async function invoke(lambda: LambdaClient, number: number): Promise<void> {
  const { FunctionError, Payload } = await lambda.send(
    new InvokeCommand({ FunctionName: names.function, Payload: Buffer.from(JSON.stringify({ number })) }),
  );
  if (FunctionError) throw new Error(`An invocation failed: ${Payload?.transformToString()}`);
}

async function untilCount(queues: SQSClient, queue: string, count: number): Promise<void> {
  for (;;) {
    const { Attributes } = await queues.send(
      new GetQueueAttributesCommand({ QueueUrl: queue, AttributeNames: ['ApproximateNumberOfMessages'] }),
    );
    const there = Number(Attributes?.ApproximateNumberOfMessages);
    if (there >= count) return;
    await delay(5);
  }
}

const batch = <Entry>(make: (index: number) => Entry): Entry[] =>
  Array.from({ length: perBatch }, (_, index) => make(index));

/** Calls `work` for each number below `count`, so many at once. */
async function parallel(count: number, work: (number: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const one = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, one));
}

type Call = (turn: number) => Promise<unknown>;

/** One call of each after the other, so that whatever else the machine does meets both. */
async function inTurns(calls: number, ours: Call, floor: Call): Promise<Overhead> {
  const taken: Record<'ours' | 'floor', number[]> = { ours: [], floor: [] };
  for (let turn = -Math.ceil(calls / 5); turn < calls; turn++) {
    const times = {
      ours: await timed(() => ours(turn + calls)),
      floor: await timed(() => floor(turn + calls)),
    };
    if (turn < 0) continue;
    taken.ours.push(times.ours);
    taken.floor.push(times.floor);
  }
  return { ours: median(taken.ours), floor: median(taken.floor) };
}

/** All the work of each after the other; the first round warms up and does not count. */
async function inRounds(
  count: number,
  rounds: number,
  ours: () => Promise<void>,
  floor: () => Promise<void>,
): Promise<Throughput> {
  const taken: Overhead[] = [];
  for (let round = -1; round < rounds; round++) {
    const times = { ours: await timed(ours), floor: await timed(floor) };
    if (round >= 0) taken.push(times);
  }
  return {
    count,
    ours: median(taken.map(({ ours: time }) => time)),
    floor: median(taken.map(({ floor: time }) => time)),
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
