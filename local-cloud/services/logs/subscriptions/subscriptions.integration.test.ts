import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openAccess } from '../../../core/access.ts';
import { AwsError } from '../../../core/errors.ts';
import { testResource } from '../../../core/testing.ts';
import { createLogs } from '../index.ts';
import { startLogs, type TestLogs } from '../testing.ts';

const logGroupName = '/shop/orders';
const logStreamName = 'one';
const destinationArn = 'arn:aws:lambda:us-east-1:000000000000:function:watch';
const filter = { logGroupName, filterName: 'errors', filterPattern: 'ERROR', destinationArn };

interface Sent {
  logGroup: string;
  logStream: string;
  logEvents: { id: string; timestamp: number; message: string; extractedFields?: object }[];
}

let logs: TestLogs;
afterEach(() => logs.stop());

/** Logs with a group, and what its functions were sent. `take` may throw as Lambda would. */
async function begin(take: (attempt: number) => void = () => undefined) {
  const sent: Sent[] = [];
  let attempts = 0;
  logs = await startLogs();
  logs.cloud.ports.targets = {
    async deliver(arn, payload) {
      expect(arn).toBe(destinationArn);
      take(++attempts);
      const { data } = (payload as { awslogs: { data: string } }).awslogs;
      sent.push(JSON.parse(gunzipSync(Buffer.from(data, 'base64')).toString()) as Sent);
    },
  };
  await logs.call('CreateLogGroup', { logGroupName });
  await logs.call('CreateLogStream', { logGroupName, logStreamName });
  return sent;
}

const write = (...messages: string[]) =>
  logs.call('PutLogEvents', {
    logGroupName,
    logStreamName,
    logEvents: messages.map((message) => ({ timestamp: Date.now(), message })),
  });

describe('a subscription filter', () => {
  it('has sent the lines that match, as AWS packs them, when PutLogEvents is answered', async () => {
    const sent = await begin();
    await logs.call('PutSubscriptionFilter', filter);
    await write('ERROR one', 'INFO two', 'ERROR three');
    expect(sent).toEqual([
      {
        messageType: 'DATA_MESSAGE',
        owner: '000000000000',
        logGroup: logGroupName,
        logStream: logStreamName,
        subscriptionFilters: ['errors'],
        logEvents: [
          { id: expect.any(String), timestamp: expect.any(Number), message: 'ERROR one' },
          { id: expect.any(String), timestamp: expect.any(Number), message: 'ERROR three' },
        ],
      },
    ]);
    const { events } = await logs.call<{ events: { eventId: string }[] }>('FilterLogEvents', {
      logGroupName,
      filterPattern: 'ERROR',
    });
    expect(sent[0]?.logEvents.map(({ id }) => id)).toEqual(events.map(({ eventId }) => eventId));
  });

  it('sends what functions write as well, soon', async () => {
    const sent = await begin();
    await logs.call('PutSubscriptionFilter', { ...filter, filterPattern: '' });
    logs.cloud.ports.logs.write(logGroupName, 'two', [{ time: Date.now(), message: 'hello' }]);
    await vi.waitFor(() => expect(sent[0]?.logEvents[0]?.message).toBe('hello'));
  });

  it('tells the fields that columns name', async () => {
    const sent = await begin();
    await logs.call('PutSubscriptionFilter', { ...filter, filterPattern: '[level = ERROR, code]' });
    await write('ERROR 42');
    expect(sent[0]?.logEvents[0]?.extractedFields).toEqual({ level: 'ERROR', code: '42' });
  });

  it('parts what is too large for one invocation', async () => {
    const sent = await begin();
    await logs.call('PutSubscriptionFilter', { ...filter, filterPattern: '' });
    await write(...Array.from({ length: 12 }, () => randomBytes(30_000).toString('base64')));
    expect(sent.length).toBeGreaterThan(1);
    expect(sent.flatMap(({ logEvents }) => logEvents)).toHaveLength(12);
  });

  it('keeps what its function cannot take now, and sends it later', async () => {
    const sent = await begin((attempt) => {
      if (attempt === 1) throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429);
    });
    await logs.call('PutSubscriptionFilter', filter);
    await write('ERROR one');
    expect(sent).toEqual([]);
    const state = logs.cloud.state.namespace('logs');
    expect(await state.list('subscription-message/')).toHaveLength(1);
    await vi.waitFor(() => expect(sent).toHaveLength(1), { timeout: 5_000 });
    await vi.waitFor(async () => expect(await state.list('subscription-message/')).toEqual([]));
  });

  it('sends in the next process what waited when this one ended', async () => {
    const sent = await begin();
    await logs.call('PutSubscriptionFilter', filter);
    logs.cloud.ports.logs.write(logGroupName, logStreamName, [{ time: Date.now(), message: 'ERROR last' }]);
    await logs.service.stop?.();
    expect(sent).toEqual([]);
    const next = await createLogs(logs.cloud);
    await next.resume?.();
    await vi.waitFor(() => expect(sent[0]?.logEvents[0]?.message).toBe('ERROR last'));
    await next.stop?.();
  });

  it('gives up what its function refuses for good', async () => {
    await begin(() => {
      throw new AwsError('ResourceNotFoundException', 'Function not found.', 404);
    });
    await logs.call('PutSubscriptionFilter', filter);
    await write('ERROR one');
    expect(await logs.cloud.state.namespace('logs').list('subscription-message/')).toEqual([]);
    expect(logs.cloud.recorded.log.map(({ message }) => message)).toEqual([
      'Log lines could not be sent and are given up.',
    ]);
  });

  it('is told, at most twice for a group, and goes with it', async () => {
    await begin();
    await logs.call('PutSubscriptionFilter', filter);
    await logs.call('PutSubscriptionFilter', { ...filter, filterName: 'all', filterPattern: '' });
    await logs.call('PutSubscriptionFilter', { ...filter, filterPattern: 'WARN' });
    await expect(logs.call('PutSubscriptionFilter', { ...filter, filterName: 'third' })).rejects.toThrow(
      'Resource limit exceeded.',
    );
    const told = () => logs.call('DescribeSubscriptionFilters', { logGroupName });
    expect(await told()).toMatchObject({
      subscriptionFilters: [
        { filterName: 'all', distribution: 'ByLogStream', destinationArn },
        { filterName: 'errors', filterPattern: 'WARN' },
      ],
    });
    await logs.call('DeleteSubscriptionFilter', { logGroupName, filterName: 'all' });
    await expect(
      logs.call('DeleteSubscriptionFilter', { logGroupName, filterName: 'all' }),
    ).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
    await logs.call('DeleteLogGroup', { logGroupName });
    await logs.call('CreateLogGroup', { logGroupName });
    expect(await told()).toEqual({ subscriptionFilters: [] });
  });

  it('is refused for what cannot be sent, and for lines that would make others without end', async () => {
    await begin();
    await logs.call('CreateLogGroup', { logGroupName: '/aws/lambda/watch' });
    const refusals: [object, string][] = [
      [{ logGroupName: '/aws/lambda/watch' }, 'reserved for the function logs'],
      [{ destinationArn: 'arn:aws:kinesis:us-east-1:000000000000:stream/s' }, 'Kinesis data streams'],
      [{ destinationArn: 'arn:aws:firehose:us-east-1:000000000000:deliverystream/s' }, 'Firehose'],
      [{ destinationArn: 'watch' }, 'not the ARN of a supported destination'],
      [{ filterPattern: '{ $.a = }' }, 'Invalid filter pattern'],
      [{ emitSystemFields: ['@aws.account'] }, 'emitSystemFields'],
    ];
    for (const [changed, message] of refusals) {
      await expect(logs.call('PutSubscriptionFilter', { ...filter, ...changed })).rejects.toThrow(message);
    }
  });

  it('is refused without the permission to call its function', async () => {
    await begin();
    logs.cloud.ports.access = {
      ...openAccess,
      require(caller, ...wanted) {
        expect(caller).toMatchObject({
          sourceArn: `arn:aws:logs:us-east-1:000000000000:log-group:${logGroupName}:*`,
        });
        expect(wanted).toEqual([{ action: 'lambda:InvokeFunction', resource: destinationArn }]);
        throw new AwsError('AccessDeniedException', 'no', 403);
      },
    };
    await expect(logs.call('PutSubscriptionFilter', filter)).rejects.toThrow(
      'Could not execute the lambda function.',
    );
  });

  it('is made by the Terraform, whose permission may come after it', async () => {
    const sent = await begin();
    const handler = logs.service.resources['aws_cloudwatch_log_subscription_filter'];
    const desired = {
      name: 'errors',
      log_group_name: logGroupName,
      filter_pattern: 'ERROR',
      destination_arn: destinationArn,
    };
    const resource = testResource('aws_cloudwatch_log_subscription_filter', 'errors', desired);
    const applied = await handler?.apply(resource, undefined);
    await write('ERROR one');
    expect(sent).toHaveLength(1);
    await handler?.remove?.(resource.address, applied ?? {});
    await write('ERROR two');
    expect(sent).toHaveLength(1);
  });
});

describe('the tags of a log group', () => {
  it('are put, taken and told, by ARN and by name', async () => {
    await begin();
    const resourceArn = `arn:aws:logs:us-east-1:000000000000:log-group:${logGroupName}`;
    await logs.call('TagResource', { resourceArn, tags: { team: 'shop', cost: '7' } });
    await logs.call('TagLogGroup', { logGroupName, tags: { stage: 'dev' } });
    await logs.call('UntagResource', { resourceArn, tagKeys: ['cost'] });
    expect(await logs.call('ListTagsForResource', { resourceArn })).toEqual({
      tags: { team: 'shop', stage: 'dev' },
    });
    await logs.call('UntagLogGroup', { logGroupName, tags: ['stage'] });
    expect(await logs.call('ListTagsLogGroup', { logGroupName })).toEqual({ tags: { team: 'shop' } });
    const most = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`k${index}`, '']));
    await expect(logs.call('TagResource', { resourceArn, tags: most })).rejects.toMatchObject({
      code: 'TooManyTagsException',
    });
  });
});
