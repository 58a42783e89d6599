import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Ending, Sandboxes } from './sandbox.ts';

test.skipIf(process.platform !== 'linux')(
  'the process of a function that a killed local cloud left behind is ended at the next start',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
    const killed = new Sandboxes(folder);
    const orphan = killed.take(128);
    const ended = new Promise<Ending>((onEnd) => {
      const listener = { onMessage: () => undefined, onOutput: () => undefined, onEnd };
      orphan.begin(listener, { codeFolder: folder, handler: 'index.handler', environment: {} });
    });
    // As the next process does; of a folder of somebody else it touches nothing.
    const elsewhere = new Sandboxes(`${folder}-other`);
    const next = new Sandboxes(folder);
    expect(await ended).toEqual({ kind: 'signal', signal: 'SIGKILL' });
    await Promise.all([killed.end(), next.end(), elsewhere.end()]);
    rmSync(folder, { recursive: true });
  },
);
