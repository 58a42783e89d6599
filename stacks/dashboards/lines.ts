import type { Chart, Line } from './widgets.ts';

/** A function, and how charts call it. */
export interface Drawn {
  readonly functionName: string;
  readonly label: string;
}

/** Invocations, errors and the time that 95 of 100 invocations stay below, a line for each function. */
export function functionCharts(functions: readonly Drawn[]): Chart[] {
  const lines = (metric: string) => functions.map((drawn) => ofFunction(metric, drawn));
  return [
    { title: 'Invocations', statistic: 'Sum', unit: 'per minute', lines: lines('Invocations') },
    { title: 'Errors', statistic: 'Sum', unit: 'per minute', lines: lines('Errors') },
    { title: 'Duration, p95', statistic: 'p95', unit: 'milliseconds', lines: lines('Duration') },
  ];
}

/** A metric that Lambda records of a function. */
export function ofFunction(metric: string, { functionName, label }: Drawn): Line {
  return { namespace: 'AWS/Lambda', metric, dimensions: { FunctionName: functionName }, label };
}

/** What waits in failure queues; there should be nothing. */
export function queueChart(queues: readonly string[]): Chart {
  return {
    title: 'Messages in failure queues',
    statistic: 'Maximum',
    unit: 'messages',
    lines: queues.map((queue) => ({
      namespace: 'AWS/SQS',
      metric: 'ApproximateNumberOfMessagesVisible',
      dimensions: { QueueName: queue },
      label: queue,
    })),
  };
}
