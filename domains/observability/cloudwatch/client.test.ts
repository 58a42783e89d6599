import { expect, test } from 'vitest';
import { dimensionsOf, toDimensions } from './client.ts';

test('dimensions are an object outside CloudWatch, and a list within', () => {
  const dimensions = { FunctionName: 'checkout', Resource: 'live' };
  expect(dimensionsOf(toDimensions(dimensions))).toEqual(dimensions);
  expect(dimensionsOf(undefined)).toEqual({});
  expect(dimensionsOf([{ Name: undefined, Value: undefined }])).toEqual({ '': '' });
});
