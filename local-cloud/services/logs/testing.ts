import { administrator } from '../../core/access.ts';
import type { Service } from '../../core/service.ts';
import { createTestCloud } from '../../core/testing.ts';
import { openTelemetry, type TelemetryStore } from '../../telemetry/index.ts';
import { createLogs } from './index.ts';

const REQUEST = {
  method: 'POST',
  path: '/',
  query: new URLSearchParams(),
  headers: {},
  body: Buffer.alloc(0),
  region: 'us-east-1',
  caller: administrator,
};

/** CloudWatch Logs on a real telemetry store in a temporary folder. */
export async function startLogs() {
  const base = createTestCloud();
  const telemetry: TelemetryStore = await openTelemetry(base.dataDirectory, base.logger);
  const cloud = createTestCloud({ dataDirectory: base.dataDirectory, telemetry });
  const service: Service = await createLogs(cloud);
  return {
    cloud,
    telemetry,
    service,
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

export type TestLogs = Awaited<ReturnType<typeof startLogs>>;
