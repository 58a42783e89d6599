import {
  CreateEventBusCommand,
  DescribeRuleCommand,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  TestEventPatternCommand,
} from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { type Case, type Clients, refusalOf } from '../case.ts';

/** A bus with one rule that sends to a queue; answers how to put events and to take the next message. */
async function line(clients: Clients, pattern: object, target: object = {}) {
  const { events, sqs, name } = clients;
  const EventBusName = name();
  await events.send(new CreateEventBusCommand({ Name: EventBusName }));
  const Policy = JSON.stringify({
    Statement: {
      Effect: 'Allow',
      Action: 'sqs:SendMessage',
      Resource: '*',
      Principal: { Service: 'events.amazonaws.com' },
    },
  });
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name(), Attributes: { Policy } }));
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  );
  const Name = name();
  await events.send(new PutRuleCommand({ Name, EventBusName, EventPattern: JSON.stringify(pattern) }));
  const Targets = [{ Id: 'queue', Arn: Attributes?.QueueArn, ...target }];
  await events.send(new PutTargetsCommand({ Rule: Name, EventBusName, Targets }));
  return {
    EventBusName,
    put: (...details: object[]) =>
      events.send(
        new PutEventsCommand({
          Entries: details.map((detail) => ({
            EventBusName,
            Source: 'shop',
            DetailType: 'Sold',
            Detail: JSON.stringify(detail),
          })),
        }),
      ),
    async next(): Promise<unknown> {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }));
      return Messages[0]?.Body === undefined ? undefined : JSON.parse(Messages[0].Body);
    },
  };
}

/** A pattern with a detail that fits it and one that does not. */
const patterns: [name: string, pattern: unknown, fits: unknown, not: unknown][] = [
  ['a prefix', [{ prefix: 'ab' }], 'abc', 'bc'],
  ['a suffix', [{ suffix: '.png' }], 'a.png', 'a.jpg'],
  ['a wildcard', [{ wildcard: 'a*c*e' }], 'abcde', 'abcd'],
  ['anything but some', [{ 'anything-but': ['x', 'y'] }], 'z', 'x'],
  ['a range of numbers', [{ numeric: ['>', 0, '<=', 5] }], 5, 6],
  ['a network', [{ cidr: '10.0.0.0/24' }], '10.0.0.9', '10.0.1.9'],
  ['letters of any case', [{ 'equals-ignore-case': 'Ab' }], 'aB', 'b'],
  ['what is there', [{ exists: true }], 'x', undefined],
  ['null', [null], null, 'null'],
];

const service = 'EventBridge';

export const eventBridgeCases: Case[] = [
  {
    service,
    name: 'an event that a rule matches comes to its target whole',
    operations: ['CreateEventBus', 'PutRule', 'PutTargets', 'PutEvents'],
    async run(clients) {
      const { put, next } = await line(clients, { source: ['shop'] });
      const { Entries } = await put({ a: 1 });
      expect(await next()).toMatchObject({
        ...{ version: '0', id: Entries?.[0]?.EventId, source: 'shop', 'detail-type': 'Sold' },
        detail: { a: 1 },
      });
    },
  },
  {
    service,
    name: 'a template makes another input of it',
    operations: ['PutTargets'],
    async run(clients) {
      const InputTransformer = {
        InputPathsMap: { price: '$.detail.price' },
        InputTemplate: '{"cost": <price>}',
      };
      const { put, next } = await line(clients, { source: ['shop'] }, { InputTransformer });
      await put({ price: 7 });
      expect(await next()).toEqual({ cost: 7 });
    },
  },
  ...patterns.map(
    ([name, pattern, fits, not]): Case => ({
      service,
      name: `a pattern for ${name} lets in what fits it and nothing else`,
      operations: ['PutRule'],
      async run(clients) {
        const { put, next } = await line(clients, { detail: { value: pattern } });
        await put({ value: not, number: 1 }, { value: fits, number: 2 });
        expect(await next()).toMatchObject({ detail: { number: 2 } });
      },
    }),
  ),
  {
    service,
    name: 'one of several alternatives is enough',
    operations: ['PutRule'],
    async run(clients) {
      const pattern = { $or: [{ source: ['other'] }, { detail: { a: [1] } }] };
      const { put, next } = await line(clients, pattern);
      await put({ a: 2 }, { a: 1 });
      expect(await next()).toMatchObject({ detail: { a: 1 } });
    },
  },
  {
    service,
    name: 'a wrong entry fails alone',
    operations: ['PutEvents'],
    async run({ events }) {
      const { FailedEntryCount, Entries } = await events.send(
        new PutEventsCommand({
          Entries: [
            { Source: 'shop', DetailType: 'Sold', Detail: '{}' },
            { Source: 'shop', DetailType: 'Sold', Detail: 'no JSON' },
          ],
        }),
      );
      expect(FailedEntryCount).toBe(1);
      expect(Entries).toMatchObject([{ EventId: expect.any(String) }, { ErrorCode: 'MalformedDetail' }]);
    },
  },
  {
    service,
    name: 'a pattern can be tried on an event',
    operations: ['TestEventPattern'],
    settled:
      'TestEventPattern answers Result: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_TestEventPattern.html',
    async run({ events }) {
      const event = {
        ...{
          id: '1',
          account: '000000000000',
          source: 'shop',
          time: '2026-01-01T00:00:00Z',
          region: 'us-east-1',
        },
        ...{ resources: [], 'detail-type': 'Sold', detail: { a: 1 } },
      };
      const test = (pattern: object) =>
        events.send(
          new TestEventPatternCommand({
            Event: JSON.stringify(event),
            EventPattern: JSON.stringify(pattern),
          }),
        );
      expect((await test({ source: ['shop'] })).Result).toBe(true);
      expect((await test({ source: ['other'] })).Result).toBe(false);
    },
  },
  {
    service,
    name: 'a rule that is not there, and a pattern that is none, are refused by name',
    operations: ['DescribeRule', 'PutRule'],
    async run({ events, name }) {
      const describe = events.send(new DescribeRuleCommand({ Name: name() }));
      expect(await refusalOf(describe)).toBe('ResourceNotFoundException');
      const put = events.send(new PutRuleCommand({ Name: name(), EventPattern: '{"source":"shop"}' }));
      expect(await refusalOf(put)).toBe('InvalidEventPatternException');
    },
  },
];
