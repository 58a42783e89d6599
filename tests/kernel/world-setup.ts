import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startLocalCloud } from '#local-cloud';
import { kernelStack } from './world.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** What the kernel needs of AWS: the Terraform, and a local cloud in which all of it stands and nothing has happened. */
    kernelWorld: { stacks: string; snapshot: string };
  }
}

/** Makes the world once from which each test file forks one of its own. */
export default async function provideWorld(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'skafu-kernel-world-'));
  const stacks = join(folder, 'stacks');
  const snapshot = join(folder, 'snapshot');
  mkdirSync(join(stacks, 'kernel'), { recursive: true });
  writeFileSync(join(stacks, 'kernel', 'cdk.tf.json'), JSON.stringify(kernelStack));
  const cloud = await startLocalCloud({
    stacksDirectory: stacks,
    dataDirectory: join(folder, 'data'),
    engine: project.getProvidedContext().sharedEngine,
    awsPort: 0,
    consolePort: 0,
  });
  await cloud.snapshot(snapshot);
  await cloud.stop();
  project.provide('kernelWorld', { stacks, snapshot });
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
