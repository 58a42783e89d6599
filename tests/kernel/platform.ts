import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { startLocalCloud } from '#local-cloud';
import {
  errorsBus,
  eventStoreTable,
  eventsBus,
  personalKeysTable,
  readModelTables,
  sealsBucket,
} from './world.ts';

export * from './world.ts';

/** What a function of the platform finds in its environment. */
const settings = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  EVENT_STORE_TABLE: eventStoreTable,
  EVENTS_BUS: eventsBus,
  ERRORS_BUS: errorsBus,
  SEALS_BUCKET: sealsBucket,
  PERSONAL_KEYS_TABLE: personalKeysTable,
  READ_MODEL_TABLE: readModelTables[0],
  READ_MODEL_TOTALS: readModelTables[0],
  READ_MODEL_STEPS: readModelTables[1],
  READ_MODELS: '[]',
  SERVICE: 'testing',
  FUNCTION: 'totals',
  ENVIRONMENT: 'kernel',
  INSTALLATION_TENANT: 'skafu',
};

export interface KernelPlatform {
  /** URL of the queue that gets all that is put on a bus. */
  queueOf(bus: typeof eventsBus | typeof errorsBus): string;
  stop(): Promise<void>;
}

/**
 * Starts a local cloud with what the kernel needs of AWS, as it stood before the first test, and makes this process's environment that of one of the
 * platform's functions. The kernel makes its clients at first use, so call this before anything of it runs.
 */
export async function startKernelPlatform(): Promise<KernelPlatform> {
  const folder = mkdtempSync(join(tmpdir(), 'skafu-kernel-'));
  const { stacks, snapshot } = inject('kernelWorld');
  const cloud = await startLocalCloud({
    stacksDirectory: stacks,
    dataDirectory: join(folder, 'data'),
    from: snapshot,
    engine: inject('sharedEngine'),
    awsPort: 0,
    consolePort: 0,
  });
  Object.assign(process.env, settings, { AWS_ENDPOINT_URL: cloud.endpointUrl });
  return {
    queueOf: (bus) => String(cloud.outputs['kernel']?.[bus]),
    async stop() {
      await cloud.stop();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
