import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Gate } from '../../core/gate.ts';
import type { Held } from '../../core/service.ts';
import { copyWhereThere } from '../../world/files.ts';
import { type Engine, ownDatabase } from './engine.ts';

/** The tables, with every write waiting. */
export async function holdDatabase(gate: Gate, engine: Engine): Promise<Held> {
  const release = await gate.hold();
  return {
    async copyTo(dataDirectory) {
      await copyAtRest(await engine.database(), ownDatabase(join(dataDirectory, 'dynamodb')));
    },
    release,
  };
}

/** DynamoDB Local removes items past their time to live by itself: what it wrote meanwhile is copied once more. */
async function copyAtRest(from: string, to: string): Promise<void> {
  const marks = () => {
    const { mtimeMs, size } = statSync(from, { throwIfNoEntry: false }) ?? {};
    return `${mtimeMs} ${size} ${existsSync(`${from}-journal`)}`;
  };
  for (;;) {
    const before = marks();
    await copyWhereThere(from, to);
    if (before === marks() && !before.endsWith('true')) return;
    await delay(5);
  }
}
