import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { type Case, type Clients, refusalOf } from '../case.ts';

async function newQueue({ sqs, name }: Clients, Attributes: Record<string, string> = {}): Promise<string> {
  return (await sqs.send(new CreateQueueCommand({ QueueName: name(), Attributes }))).QueueUrl ?? '';
}

async function receive({ sqs }: Clients, QueueUrl: string, more = {}) {
  const answer = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0, ...more }),
  );
  return answer.Messages ?? [];
}

const service = 'SQS';

export const sqsCases: Case[] = [
  {
    service,
    name: 'a message comes with its attributes and the digest of its body, and is hidden meanwhile',
    operations: ['CreateQueue', 'SendMessage', 'ReceiveMessage'],
    async run(clients) {
      const QueueUrl = await newQueue(clients);
      const MessageAttributes = { kind: { DataType: 'String', StringValue: 'order' } };
      const sent = await clients.sqs.send(
        new SendMessageCommand({ QueueUrl, MessageBody: 'hello', MessageAttributes }),
      );
      expect(sent.MD5OfMessageBody).toBe('5d41402abc4b2a76b9719d911017c592');
      const [message] = await receive(clients, QueueUrl, { MessageAttributeNames: ['All'] });
      expect(message).toMatchObject({ Body: 'hello', MessageAttributes });
      expect(await receive(clients, QueueUrl)).toEqual([]);
    },
  },
  {
    service,
    name: 'a visibility of nothing gives the message back at once, received once more',
    operations: ['ChangeMessageVisibility'],
    async run(clients) {
      const QueueUrl = await newQueue(clients);
      await clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
      const [first] = await receive(clients, QueueUrl);
      await clients.sqs.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl,
          ReceiptHandle: first?.ReceiptHandle,
          VisibilityTimeout: 0,
        }),
      );
      const [again] = await receive(clients, QueueUrl, {
        MessageSystemAttributeNames: ['ApproximateReceiveCount'],
      });
      expect(again?.Attributes?.ApproximateReceiveCount).toBe('2');
    },
  },
  {
    service,
    name: 'a deleted message is gone',
    operations: ['DeleteMessage'],
    async run(clients) {
      const QueueUrl = await newQueue(clients, { VisibilityTimeout: '0' });
      await clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
      const [message] = await receive(clients, QueueUrl, { VisibilityTimeout: 30 });
      await clients.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle }));
      expect(await receive(clients, QueueUrl)).toEqual([]);
    },
  },
  {
    service,
    name: 'a message that was received too often goes to the dead-letter queue',
    operations: ['ReceiveMessage', 'GetQueueAttributes'],
    async run(clients) {
      const dead = await newQueue(clients);
      const { Attributes } = await clients.sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: dead, AttributeNames: ['QueueArn'] }),
      );
      const QueueUrl = await newQueue(clients, {
        VisibilityTimeout: '0',
        RedrivePolicy: JSON.stringify({ deadLetterTargetArn: Attributes?.QueueArn, maxReceiveCount: 2 }),
      });
      await clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'bad' }));
      for (let time = 0; time < 2; time++) expect(await receive(clients, QueueUrl)).toHaveLength(1);
      expect(await receive(clients, QueueUrl)).toEqual([]);
      expect((await receive(clients, dead))[0]?.Body).toBe('bad');
    },
  },
  {
    service,
    name: 'of a batch each entry is told apart, the wrong ones too',
    operations: ['SendMessageBatch'],
    async run(clients) {
      const QueueUrl = await newQueue(clients);
      const twice = ['a', 'a'].map((Id) => ({ Id, MessageBody: 'x' }));
      const refused = clients.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: twice }));
      expect(await refusalOf(refused)).toMatch(/BatchEntryIdsNotDistinct/u);
      const Entries = ['a', 'b'].map((Id) => ({ Id, MessageBody: Id }));
      const { Successful } = await clients.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
      expect(Successful?.map(({ Id }) => Id)).toEqual(['a', 'b']);
    },
  },
  {
    service,
    name: 'a delayed message comes later',
    operations: ['SendMessage'],
    async run(clients) {
      const QueueUrl = await newQueue(clients);
      await clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x', DelaySeconds: 3 }));
      expect(await receive(clients, QueueUrl)).toEqual([]);
      expect(await receive(clients, QueueUrl, { WaitTimeSeconds: 10 })).toHaveLength(1);
    },
  },
  {
    service,
    name: 'a purged queue is empty',
    operations: ['PurgeQueue', 'GetQueueAttributes'],
    async run(clients) {
      const QueueUrl = await newQueue(clients);
      await clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
      await clients.sqs.send(new PurgeQueueCommand({ QueueUrl }));
      const { Attributes } = await clients.sqs.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
      );
      expect(Attributes?.ApproximateNumberOfMessages).toBe('0');
    },
  },
  {
    service,
    name: 'a queue that is not there is told so',
    operations: ['GetQueueUrl'],
    async run({ sqs, name }) {
      expect(await refusalOf(sqs.send(new GetQueueUrlCommand({ QueueName: name() })))).toMatch(
        /QueueDoesNotExist/u,
      );
    },
  },
];
