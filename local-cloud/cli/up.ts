import { watch } from 'node:fs';
import { startLocalCloud } from '../index.ts';
import { changeLines } from './lines.ts';
import type { Options } from './options.ts';
import { announce } from './running.ts';

/** How long the files of a synth come one after the other, in milliseconds. */
const pause = 60;

/** Serves the Terraform and follows its changes until it is told to stop. Answers the exit code. */
export async function up(options: Options, say: (line: string) => void): Promise<number> {
  const { from, ...rest } = options;
  const cloud = await startLocalCloud({
    ...rest,
    ...(from === undefined ? {} : { from }),
    onProgress: (stage, milliseconds) => say(`${stage.padEnd(28)} ${(milliseconds / 1000).toFixed(1)} s`),
  });
  const takeBack = announce(options.dataDirectory, cloud.endpointUrl, options.region);
  say(`ready: ${cloud.endpointUrl}, its page: ${cloud.endpointUrl}/_local-cloud/resources`);
  for (const [stack, outputs] of Object.entries(cloud.outputs)) {
    for (const [name, value] of Object.entries(outputs)) say(`  ${stack}.${name} = ${JSON.stringify(value)}`);
  }
  await cloud.follow(say);
  let timer: NodeJS.Timeout | undefined;
  const follow = async () => {
    const began = performance.now();
    try {
      const changes = await cloud.apply();
      if (changes.length === 0) return;
      for (const line of changeLines(changes)) say(line);
      say(`applied in ${Math.round(performance.now() - began)} ms`);
    } catch (error) {
      // What stands goes on, whatever is wrong with what is new.
      say(`not applied: ${error instanceof Error ? error.message : error}`);
    }
  };
  const watcher = watch(options.stacksDirectory, { recursive: true }, () => {
    clearTimeout(timer);
    timer = setTimeout(() => void follow(), pause);
  });
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  say('stopping …');
  watcher.close();
  clearTimeout(timer);
  takeBack();
  await cloud.stop();
  return 0;
}
