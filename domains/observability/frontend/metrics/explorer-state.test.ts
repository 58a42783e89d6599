import { expect, test } from 'vitest';
import { withMetrics } from './explorer-state.ts';

const statisticOf = (namespace: string, metricName: string, chosen = ''): string | undefined => {
  const [added] = withMetrics([], [{ namespace, metricName, dimensions: {} }], chosen);
  return added && 'statistic' in added ? added.statistic : undefined;
};

test('counts are added up, and everything else is averaged, unless a statistic is chosen', () => {
  expect(statisticOf('AWS/Lambda', 'Errors')).toBe('Sum');
  expect(statisticOf('AWS/Lambda', 'Duration')).toBe('Average');
  expect(statisticOf('Shop', 'Baskets')).toBe('Average');
  expect(statisticOf('AWS/Lambda', 'Errors', 'Maximum')).toBe('Maximum');
});

test('numbers of things that stand are averaged, since a sum would count them many times', () => {
  expect(statisticOf('AWS/Lambda', 'ConcurrentExecutions')).toBe('Average');
  expect(statisticOf('AWS/SQS', 'ApproximateNumberOfMessagesVisible')).toBe('Average');
});
