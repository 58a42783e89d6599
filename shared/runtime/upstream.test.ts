import { beforeEach, describe, expect, test, vi } from 'vitest';
import { log } from './log.ts';
import { calling } from './upstream.ts';

const failing = (name: string, $fault: 'client' | 'server' = 'client') =>
  Promise.reject(Object.assign(new Error(`about ${name}`), { name, $fault }));

beforeEach(() => {
  vi.spyOn(log, 'error').mockImplementation(() => undefined);
  return () => void vi.restoreAllMocks();
});

describe('a call of AWS', () => {
  test('answers what AWS answers', async () => {
    expect(await calling('CloudWatch', 'ListMetrics', Promise.resolve(7))).toBe(7);
  });

  test.each(['ValidationError', 'InvalidNextToken', 'MalformedQueryException'])(
    'tells %s as the caller’s to mend, with AWS’s own words',
    async (name) => {
      await expect(calling('CloudWatch Logs', 'StartQuery', failing(name))).rejects.toMatchObject({
        status: 400,
        slug: 'refused-by-cloudwatch-logs',
        message: `CloudWatch Logs StartQuery: about ${name}`,
      });
    },
  );

  test.each(['Throttling', 'ThrottlingException', 'TooManyRequestsException', 'LimitExceededException'])(
    'asks to come back later on %s',
    async (name) => {
      await expect(calling('Cost Explorer', 'GetCostAndUsage', failing(name))).rejects.toMatchObject({
        status: 429,
        headers: { 'retry-after': '5' },
      });
    },
  );

  test('tells what is not there', async () => {
    const call = calling('CloudWatch Logs', 'GetQueryResults', failing('ResourceNotFoundException'));
    await expect(call).rejects.toMatchObject({ status: 404, slug: 'not-found' });
  });

  test('tells a failure of AWS as AWS’s, to be tried again', async () => {
    await expect(calling('X-Ray', 'BatchGetTraces', failing('Internal', 'server'))).rejects.toMatchObject({
      status: 502,
      slug: 'x-ray-failed',
      headers: { 'retry-after': '5' },
    });
    expect(log.error).not.toHaveBeenCalled();
  });

  test('reports a permission that the stack forgot', async () => {
    await expect(calling('Cognito', 'ListUsers', failing('AccessDeniedException'))).rejects.toMatchObject({
      status: 502,
      slug: 'denied-by-cognito',
    });
    expect(log.error).toHaveBeenCalledWith('Unexpected failure', expect.anything());
  });

  test('throws on what did not come from AWS', async () => {
    const call = calling('CloudWatch', 'ListMetrics', Promise.reject(new TypeError('ours')));
    await expect(call).rejects.toThrow(TypeError);
    await expect(calling('CloudWatch', 'ListMetrics', Promise.reject('text'))).rejects.toBe('text');
  });
});
