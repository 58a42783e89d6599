import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

let collector: (() => void) | undefined;

/** Bytes on the heap that something still holds: garbage is collected first. */
export function heapHeld(): number {
  if (!collector) {
    setFlagsFromString('--expose-gc');
    collector = runInNewContext('gc') as () => void;
  }
  collector();
  return process.memoryUsage().heapUsed;
}
