import { describe, expect, test } from 'vitest';
import { calling, dimensionsOf, toDimensions } from './client.ts';

const failing = (name: string) => Promise.reject(Object.assign(new Error(`about ${name}`), { name }));

describe('a call of CloudWatch', () => {
  test('answers what CloudWatch answers', async () => {
    expect(await calling('ListMetrics', Promise.resolve(7))).toBe(7);
  });

  test.each([
    'ValidationError',
    'ValidationException',
    'InvalidParameterValue',
    'InvalidNextToken',
    'LimitExceededException',
  ])('tells %s as the caller’s to mend, with CloudWatch’s own words', async (name) => {
    await expect(calling('ListMetrics', failing(name))).rejects.toMatchObject({
      status: 400,
      slug: 'refused-by-cloudwatch',
      message: `CloudWatch ListMetrics: about ${name}`,
    });
  });

  test.each(['Throttling', 'ThrottlingException', 'TooManyRequestsException'])(
    'asks to come back later on %s',
    async (name) => {
      await expect(calling('ListMetrics', failing(name))).rejects.toMatchObject({
        status: 429,
        headers: { 'retry-after': '5' },
      });
    },
  );

  test('throws on what nobody foresaw', async () => {
    await expect(calling('ListMetrics', failing('InternalFailure'))).rejects.toMatchObject({
      name: 'InternalFailure',
    });
    await expect(calling('ListMetrics', Promise.reject('text'))).rejects.toBe('text');
  });
});

test('dimensions are an object outside CloudWatch, and a list within', () => {
  const dimensions = { FunctionName: 'checkout', Resource: 'live' };
  expect(dimensionsOf(toDimensions(dimensions))).toEqual(dimensions);
  expect(dimensionsOf(undefined)).toEqual({});
  expect(dimensionsOf([{ Name: undefined, Value: undefined }])).toEqual({ '': '' });
});
