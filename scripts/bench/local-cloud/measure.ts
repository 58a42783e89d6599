import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createFileLogger } from '../../../local-cloud/core/file-logger.ts';
import { createEngine } from '../../../local-cloud/services/dynamodb/engine.ts';
import { type CloudProcess, startCloudProcess } from '../../../local-cloud/testing/cloud-process.ts';
import { handlerSource, writeProject } from '../../../local-cloud/testing/project.ts';
import type { Endings } from '../endings.ts';
import { enginePid, enginePort, residentBytes } from '../engine.ts';
import { median } from '../statistics.ts';
import {
  clientsOf,
  expressExecutions,
  invokeOverhead,
  type Overhead,
  putOverhead,
  routedEvents,
  type Throughput,
} from './contests.ts';
import { startFloorWorker } from './floor-worker.ts';

/** Times in milliseconds, memory in bytes. */
export interface LocalCloudFigures {
  /** The start of an unchanged project, beside DynamoDB Local's alone. */
  readonly start: Overhead;
  readonly put: Overhead;
  readonly invoke: Overhead;
  readonly routed: Throughput;
  readonly express: Throughput;
  /** After the start, before the first request. */
  readonly memory: { readonly node: number; readonly engine: number };
}

export interface Counts {
  readonly starts: number;
  readonly calls: number;
  readonly events: number;
  readonly executions: number;
  readonly rounds: number;
}

/** Runs a project of one resource of each kind in a process of its own, and measures it from outside. */
export async function measureLocalCloud(
  work: string,
  endings: Endings,
  counts: Counts,
): Promise<LocalCloudFigures> {
  mkdirSync(work, { recursive: true });
  const stacks = writeProject(work);
  const data = join(work, 'data');
  const start = async (): Promise<CloudProcess> => {
    const cloud = await startCloudProcess(stacks, data);
    endings.add(() => cloud.stop());
    return cloud;
  };

  // The first start makes everything; those that are measured find it there.
  await (await start()).stop();
  const starts: Overhead[] = [];
  for (let time = 0; time < counts.starts; time++) {
    const cloud = await start();
    await cloud.stop();
    starts.push({ ours: cloud.milliseconds, floor: await engineStart(join(work, `engine-${time}`)) });
  }

  const cloud = await start();
  const memory = { node: residentBytes(cloud.pid), engine: residentBytes(enginePid(data)) };
  const module = join(work, 'handler.mjs');
  writeFileSync(module, handlerSource);
  const worker = await startFloorWorker(pathToFileURL(module).href);
  endings.add(() => worker.stop());
  const clients = clientsOf(cloud.endpoint, `http://127.0.0.1:${enginePort(data)}`, worker.endpoint);
  return {
    start: {
      ours: median(starts.map(({ ours }) => ours)),
      floor: median(starts.map(({ floor }) => floor)),
    },
    memory,
    put: await putOverhead(clients, counts.calls),
    invoke: await invokeOverhead(clients, counts.calls),
    routed: await routedEvents(clients, counts.events, counts.rounds),
    express: await expressExecutions(clients, counts.executions, counts.rounds),
  };
}

/** DynamoDB Local alone, from nothing to its first answer. */
async function engineStart(folder: string): Promise<number> {
  mkdirSync(folder);
  const logger = createFileLogger(join(folder, 'engine-start.log'));
  const engine = createEngine(folder, logger, 'us-east-1');
  const began = performance.now();
  await engine.client();
  const taken = performance.now() - began;
  await engine.stop();
  await logger.close();
  return taken;
}
