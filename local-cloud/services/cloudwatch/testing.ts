import { administrator } from '../../core/access.ts';
import type { BusEntry, Ports } from '../../core/cloud.ts';
import type { AwsRequest, Service } from '../../core/service.ts';
import type { StateStore } from '../../core/state.ts';
import { createTestCloud } from '../../core/testing.ts';
import { openTelemetry, type TelemetryStore } from '../../telemetry/index.ts';
import { createCloudwatch } from './index.ts';

const REQUEST: AwsRequest = {
  method: 'POST',
  path: '/',
  query: new URLSearchParams(),
  headers: {},
  body: Buffer.alloc(0),
  region: 'us-east-1',
  caller: administrator,
};

/** CloudWatch on a real telemetry store in a temporary folder, with a bus that remembers what it was given. */
export async function startCloudwatch(options: { ports?: Partial<Ports>; state?: StateStore } = {}) {
  const events: BusEntry[] = [];
  const base = createTestCloud();
  const telemetry: TelemetryStore = await openTelemetry(base.dataDirectory, base.logger);
  const cloud = createTestCloud({
    dataDirectory: base.dataDirectory,
    telemetry,
    ...(options.state ? { state: options.state } : {}),
    ports: {
      buses: {
        async put(entries) {
          events.push(...entries);
          return entries.map(() => 'id');
        },
      },
      ...options.ports,
    },
  });
  const service: Service = await createCloudwatch(cloud);
  return {
    cloud,
    telemetry,
    service,
    events,
    async call<Output = Record<string, unknown>>(
      name: string,
      input: Record<string, unknown>,
    ): Promise<Output> {
      const operation = service.operations?.[name];
      if (!operation) throw new Error(`There is no operation ${name}.`);
      return (await operation(input, REQUEST)) as Output;
    },
    async stop() {
      await service.stop?.();
      await telemetry.close();
      base.remove();
    },
  };
}

export type TestCloudwatch = Awaited<ReturnType<typeof startCloudwatch>>;
