import type { GetQueueAttributesResult, ReceiveMessageResult } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { resourcesOf } from '../cloud.ts';
import { expectRefusal, type Stage } from '../scenario.ts';

/** Queues of the stack: messages one by one and in batches, their visibility, and where those end that always fail. */
export function queueScenario(stage: Stage): void {
  const { queue, deadLetters } = resourcesOf(stage.name);
  const call = <Output = Record<string, unknown>>(operation: string, input: object = {}) =>
    stage.client.call<Output>('sqs', operation, input);
  const urlOf = async (QueueName: string) => (await call('GetQueueUrl', { QueueName }))['QueueUrl'];
  const receive = (QueueUrl: unknown, more: object = {}) =>
    call<ReceiveMessageResult>('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10, ...more });

  describe('queues', () => {
    it('give a message with its attributes, and once deleted never again', async () => {
      const QueueUrl = await urlOf(queue);
      const MessageAttributes = {
        kind: { DataType: 'String', StringValue: 'order' },
        weight: { DataType: 'Number', StringValue: '12.5' },
      };
      const sent = await call('SendMessage', { QueueUrl, MessageBody: 'größer', MessageAttributes });
      const { Messages = [] } = await receive(QueueUrl, {
        ...{ AttributeNames: ['All'], MessageAttributeNames: ['All'], VisibilityTimeout: 30 },
      });
      expect(Messages).toMatchObject([
        {
          ...{ MessageId: sent['MessageId'], Body: 'größer', MD5OfBody: sent['MD5OfMessageBody'] },
          MessageAttributes,
          MD5OfMessageAttributes: sent['MD5OfMessageAttributes'],
          Attributes: { ApproximateReceiveCount: '1', SentTimestamp: expect.stringMatching(/^\d{13}$/) },
        },
      ]);
      expect((await receive(QueueUrl)).Messages).toBeUndefined();
      await call('DeleteMessage', { QueueUrl, ReceiptHandle: Messages[0]?.ReceiptHandle });
      const { Attributes } = await call<GetQueueAttributesResult>('GetQueueAttributes', {
        ...{ QueueUrl, AttributeNames: ['All'] },
      });
      expect(Attributes).toMatchObject({
        ...{ ApproximateNumberOfMessages: '0', ApproximateNumberOfMessagesNotVisible: '0' },
        QueueArn: `arn:aws:sqs:us-east-1:000000000000:${queue}`,
        RedrivePolicy: expect.stringContaining(`:${deadLetters}"`),
      });
    });

    it('take batches, tell what failed of them, and pass on what failed too often', async () => {
      const QueueUrl = await urlOf(queue);
      const batch = await call('SendMessageBatch', {
        QueueUrl,
        Entries: [
          { Id: 'one', MessageBody: 'one' },
          {
            Id: 'two',
            MessageBody: 'two',
            MessageAttributes: { kind: { DataType: 'Unknown', StringValue: 'x' } },
          },
        ],
      });
      expect(batch).toMatchObject({
        Successful: [{ Id: 'one', MessageId: expect.any(String), MD5OfMessageBody: expect.any(String) }],
        Failed: [{ Id: 'two', SenderFault: true, Code: 'InvalidParameterValue' }],
      });
      for (const receives of ['1', '2']) {
        const { Messages = [] } = await receive(QueueUrl, { AttributeNames: ['ApproximateReceiveCount'] });
        expect(Messages).toMatchObject([{ Body: 'one', Attributes: { ApproximateReceiveCount: receives } }]);
        const ReceiptHandle = Messages[0]?.ReceiptHandle;
        await call('ChangeMessageVisibility', { QueueUrl, ReceiptHandle, VisibilityTimeout: 0 });
      }
      expect((await receive(QueueUrl)).Messages).toBeUndefined();
      const dead = await receive(await urlOf(deadLetters), { WaitTimeSeconds: 5, AttributeNames: ['All'] });
      expect(dead.Messages).toMatchObject([
        { Attributes: { DeadLetterQueueSourceArn: expect.stringContaining(`:${queue}`) } },
      ]);
    });

    it('are waited at until a message comes', async () => {
      const QueueUrl = await urlOf(queue);
      await call('SendMessage', { QueueUrl, MessageBody: 'later', DelaySeconds: 1 });
      const { Messages } = await receive(QueueUrl, { WaitTimeSeconds: 10, VisibilityTimeout: 0 });
      expect(Messages).toMatchObject([{ Body: 'later' }]);
      await call('PurgeQueue', { QueueUrl });
    });

    it('are made, changed and deleted', async () => {
      const QueueName = `own-${stage.name}`;
      const { QueueUrl } = await call('CreateQueue', {
        ...{ QueueName, Attributes: { VisibilityTimeout: '5' }, tags: { team: 'shop' } },
      });
      expect(await urlOf(QueueName)).toBe(QueueUrl);
      await call('SetQueueAttributes', { QueueUrl, Attributes: { DelaySeconds: '3' } });
      expect(
        await call('GetQueueAttributes', { QueueUrl, AttributeNames: ['VisibilityTimeout', 'DelaySeconds'] }),
      ).toEqual({ Attributes: { VisibilityTimeout: '5', DelaySeconds: '3' } });
      await expectRefusal(call('CreateQueue', { QueueName, Attributes: { VisibilityTimeout: '6' } }), {
        ...{ code: 'QueueAlreadyExists', exception: 'QueueNameExists', status: 400 },
      });
      expect(await call('ListQueueTags', { QueueUrl })).toEqual({ Tags: { team: 'shop' } });
      expect(await call('ListQueues', { QueueNamePrefix: QueueName })).toEqual({ QueueUrls: [QueueUrl] });
      await call('DeleteQueue', { QueueUrl });
      await expectRefusal(call('GetQueueUrl', { QueueName }), {
        ...{ code: 'AWS.SimpleQueueService.NonExistentQueue', exception: 'QueueDoesNotExist', status: 400 },
      });
    });

    it('are refused where they are wrong', async () => {
      const QueueUrl = await urlOf(queue);
      await expectRefusal(call('DeleteMessage', { QueueUrl, ReceiptHandle: 'none' }), {
        code: 'ReceiptHandleIsInvalid',
      });
      const Entries = Array.from({ length: 11 }, (_, index) => ({ Id: `${index}`, MessageBody: 'x' }));
      await expectRefusal(call('SendMessageBatch', { QueueUrl, Entries }), {
        code: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
        exception: 'TooManyEntriesInBatchRequest',
      });
      await expectRefusal(
        call('ListMessageMoveTasks', { SourceArn: 'arn:aws:sqs:us-east-1:000000000000:q' }),
        {
          ...{ code: 'NotImplemented', status: 501, unmodeled: true },
        },
      );
    });
  });
}
