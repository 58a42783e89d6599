import type { ReceiveMessageResult } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { resourcesOf } from '../cloud.ts';
import { expectRefusal, type Stage } from '../scenario.ts';

/** Buses: events through a rule of the stack, and a bus, rule and target that the client makes for itself. */
export function eventScenario(stage: Stage): void {
  const { bus, sold } = resourcesOf(stage.name);
  const call = <Output = Record<string, unknown>>(operation: string, input: object = {}) =>
    stage.client.call<Output>('events', operation, input);
  const entry = { Source: 'shop', DetailType: 'Sold', Detail: '{"number":7}', Resources: ['till'] };

  async function nextSold(): Promise<unknown> {
    const { QueueUrl } = await stage.client.call('sqs', 'GetQueueUrl', { QueueName: sold });
    const { Messages = [] } = await stage.client.call<ReceiveMessageResult>('sqs', 'ReceiveMessage', {
      ...{ QueueUrl, WaitTimeSeconds: 10 },
    });
    const ReceiptHandle = Messages[0]?.ReceiptHandle;
    await stage.client.call('sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle });
    return JSON.parse(Messages[0]?.Body ?? '');
  }

  describe('events', () => {
    it('reach the queue of the rule they match, and each wrong one is refused alone', async () => {
      const put = await call<{ Entries: { EventId?: string }[] }>('PutEvents', {
        Entries: [
          { ...entry, EventBusName: bus, Time: '2026-01-02T03:04:05Z' },
          { ...entry, EventBusName: bus, Detail: 'no object' },
        ],
      });
      expect(put).toMatchObject({
        FailedEntryCount: 1,
        Entries: [{ EventId: expect.any(String) }, { ErrorCode: 'MalformedDetail' }],
      });
      expect(await nextSold()).toMatchObject({
        ...{ id: put.Entries[0]?.EventId, source: 'shop', 'detail-type': 'Sold', resources: ['till'] },
        ...{ time: '2026-01-02T03:04:05Z', region: 'us-east-1', detail: { number: 7 } },
      });
    });

    it('go by buses, rules and targets that a client makes', async () => {
      const EventBusName = `own-${stage.name}`;
      const Name = 'dear';
      const busArn = `arn:aws:events:us-east-1:000000000000:event-bus/${EventBusName}`;
      expect(await call('CreateEventBus', { Name: EventBusName })).toMatchObject({ EventBusArn: busArn });
      expect(await call('DescribeEventBus', { Name: EventBusName })).toMatchObject({
        ...{ Name: EventBusName, Arn: busArn },
      });
      const EventPattern = JSON.stringify({ detail: { price: [{ numeric: ['>', 100] }] } });
      const ruleArn = `arn:aws:events:us-east-1:000000000000:rule/${EventBusName}/${Name}`;
      expect(await call('PutRule', { EventBusName, Name, EventPattern, Description: 'Dear things' })).toEqual(
        {
          RuleArn: ruleArn,
        },
      );
      const target = {
        ...{ Id: 'queue', Arn: `arn:aws:sqs:us-east-1:000000000000:${sold}` },
        InputTransformer: { InputPathsMap: { price: '$.detail.price' }, InputTemplate: '{"cost": <price>}' },
        RetryPolicy: { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 600 },
      };
      expect(await call('PutTargets', { EventBusName, Rule: Name, Targets: [target] })).toEqual({
        ...{ FailedEntryCount: 0, FailedEntries: [] },
      });
      expect(await call('DescribeRule', { EventBusName, Name })).toMatchObject({
        ...{ Name, Arn: ruleArn, EventPattern, State: 'ENABLED', Description: 'Dear things', EventBusName },
      });
      const { Rules } = await call<{ Rules: object[] }>('ListRules', { EventBusName });
      expect(Rules).toMatchObject([{ Name, EventPattern }]);
      const { Targets } = await call<{ Targets: object[] }>('ListTargetsByRule', {
        EventBusName,
        Rule: Name,
      });
      expect(Targets).toEqual([target]);
      await call('PutEvents', {
        Entries: [5, 500].map((price) => ({ ...entry, EventBusName, Detail: JSON.stringify({ price }) })),
      });
      expect(await nextSold()).toEqual({ cost: 500 });

      await expectRefusal(call('DeleteRule', { EventBusName, Name }), {
        code: 'ValidationException',
        unmodeled: true,
      });
      await call('RemoveTargets', { EventBusName, Rule: Name, Ids: ['queue'] });
      await call('DeleteRule', { EventBusName, Name });
      await call('DeleteEventBus', { Name: EventBusName });
      await expectRefusal(call('DescribeEventBus', { Name: EventBusName }), {
        code: 'ResourceNotFoundException',
      });
    });

    it('are refused where they are wrong', async () => {
      await expectRefusal(call('DescribeRule', { Name: 'none', EventBusName: bus }), {
        ...{ code: 'ResourceNotFoundException', status: 400 },
      });
      await expectRefusal(
        call('PutRule', { Name: 'broken', EventBusName: bus, EventPattern: '{"source":"shop"}' }),
        {
          code: 'InvalidEventPatternException',
        },
      );
      await expectRefusal(call('CreateEventBus', { Name: bus }), { code: 'ResourceAlreadyExistsException' });
      await expectRefusal(
        call('StartReplay', {
          ...{ ReplayName: 'again', EventSourceArn: 'arn:aws:events:us-east-1:000000000000:archive/none' },
          ...{
            EventStartTime: '2026-01-01T00:00:00Z',
            EventEndTime: '2026-01-02T00:00:00Z',
            Destination: { Arn: 'arn' },
          },
        }),
        { code: 'ResourceNotFoundException', status: 400 },
      );
    });
  });
}
