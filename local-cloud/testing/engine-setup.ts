import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { type SharedEngine, startSharedEngine } from '../index.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** One DynamoDB Local for the worlds of all test files: to start it takes longer than most of them. */
    sharedEngine: SharedEngine;
  }
}

/** Starts the engine before the first test, and ends it after the last one. */
export default async function provideEngine(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'local-cloud-engine-'));
  const engine = await startSharedEngine(folder);
  project.provide('sharedEngine', { port: engine.port, folder });
  return async () => {
    await engine.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
}
