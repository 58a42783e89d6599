import type { Outputs } from '#scripts/start/outputs.ts';
import { call } from './api.ts';
import { waitFor } from './platform.ts';

/** Calls the API, ten requests at a time, until told to stop; stopping waits for the last answers. */
export function makeTraffic(outputs: Outputs): { stop(): Promise<void> } {
  let going = true;
  const run = async (): Promise<void> => {
    while (going) await Promise.all(Array.from({ length: 10 }, () => call(outputs, 'GET', '/health')));
  };
  const running = run();
  // Looked at when it is stopped; until then a failure must not end the process.
  running.catch(() => undefined);
  return {
    stop: () => {
      going = false;
      return running;
    },
  };
}

/** The API's id, from the metrics of what has really run. */
export async function apiIdOf(outputs: Outputs, token: string): Promise<string> {
  const found = await waitFor(
    async () => {
      await call(outputs, 'GET', '/health');
      const path = '/observability/metrics?namespace=AWS/ApiGateway&metricName=Count';
      const { body } = await call(outputs, 'GET', path, { token });
      return body.items?.find(({ dimensions }) => Object.keys(dimensions as object).join() === 'ApiId');
    },
    { what: 'the API to show among the metrics' },
  );
  return (found['dimensions'] as { ApiId: string }).ApiId;
}
