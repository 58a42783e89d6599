import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestCloud, type TestCloud } from '../../core/testing.ts';
import { type Gateway, listen } from '../../gateway/gateway.ts';
import { signedHeaders } from '../../gateway/sign.ts';
import { createSqs } from './index.ts';

let cloud: TestCloud;
let gateway: Gateway;

beforeAll(async () => {
  cloud = createTestCloud();
  gateway = await listen(0, cloud.logger);
  gateway.open([await createSqs(cloud)], cloud);
  await ask('CreateQueue', '/', 'QueueName=one&Attribute.1.Name=VisibilityTimeout&Attribute.1.Value=7');
});
afterAll(async () => {
  await gateway.close();
  cloud.remove();
});

/** As a client of before 2023 asks: at the address of the queue. */
async function ask(operation: string, path: string, fields: string): Promise<string> {
  const body = `Action=${operation}&Version=2012-11-05&${fields}`;
  const url = new URL(gateway.url + path);
  const headers = signedHeaders(
    {
      method: 'POST',
      url,
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
      body,
    },
    { accessKeyId: 'test', secretAccessKey: 'test' },
    { region: 'us-east-1', service: 'sqs' },
  );
  return (await fetch(url, { method: 'POST', headers, body })).text();
}
const queue = '/000000000000/one';
const within = (element: string, xml: string) =>
  new RegExp(`<${element}>([^<]*)</${element}>`).exec(xml)?.[1];

describe('the query protocol of SQS', () => {
  test('writes maps as pairs', async () => {
    const attributes = await ask('GetQueueAttributes', queue, 'AttributeName.1=VisibilityTimeout');
    expect(attributes).toContain('<Attribute><Name>VisibilityTimeout</Name><Value>7</Value></Attribute>');
    await ask('TagQueue', queue, 'Tag.1.Key=team&Tag.1.Value=a');
    expect(await ask('ListQueueTags', queue, '')).toContain('<Tag><Key>team</Key><Value>a</Value></Tag>');
    expect(await ask('ListQueues', '/', 'QueueNamePrefix=o')).toMatch(
      /<ListQueuesResult><QueueUrl>http[^<]*\/one<\/QueueUrl><\/ListQueuesResult>/,
    );
  });

  test('sends, receives and deletes in batches, each entry told by its id', async () => {
    const entry = 'SendMessageBatchRequestEntry';
    const value = 'MessageAttribute.1.Value';
    const sent = await ask(
      ...(['SendMessageBatch', queue] as const),
      [
        `${entry}.1.Id=a&${entry}.1.MessageBody=x%26y&${entry}.1.MessageAttribute.1.Name=kind`,
        `${entry}.1.${value}.DataType=String&${entry}.1.${value}.StringValue=order`,
        `${entry}.2.Id=b&${entry}.2.MessageBody=z&${entry}.2.DelaySeconds=901`,
      ].join('&'),
    );
    expect(sent).toContain('<SendMessageBatchResultEntry><Id>a</Id>');
    expect(sent).toContain('<BatchResultErrorEntry><Id>b</Id><SenderFault>true</SenderFault>');
    const received = await ask(
      ...(['ReceiveMessage', queue] as const),
      'AttributeName.1=ApproximateReceiveCount&MessageAttributeName.1=All&MaxNumberOfMessages=10',
    );
    expect(received).toContain('<Body>x&amp;y</Body>');
    expect(received).toContain('<Attribute><Name>ApproximateReceiveCount</Name><Value>1</Value></Attribute>');
    expect(received).toMatch(
      /<MessageAttribute><Name>kind<\/Name><Value>.*<StringValue>order<\/StringValue>.*<\/MessageAttribute>/,
    );
    const handle = encodeURIComponent(within('ReceiptHandle', received) ?? '');
    const deleted = await ask(
      ...(['DeleteMessageBatch', queue] as const),
      `DeleteMessageBatchRequestEntry.1.Id=a&DeleteMessageBatchRequestEntry.1.ReceiptHandle=${handle}`,
    );
    expect(deleted).toContain('<DeleteMessageBatchResultEntry><Id>a</Id></DeleteMessageBatchResultEntry>');
  });

  test('tells errors by the codes of its time', async () => {
    const answer = await ask('GetQueueUrl', '/', 'QueueName=none');
    expect(within('Code', answer)).toBe('AWS.SimpleQueueService.NonExistentQueue');
    expect(within('Type', answer)).toBe('Sender');
  });
});
