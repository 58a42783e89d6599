// Runs inside a worker thread: one evaluation after the other, each script in a context without anything of Node's. Only
// texts cross the border, so that no object of this side can be reached from the other.
import { readFileSync } from 'node:fs';
import { createContext, Script } from 'node:vm';
import { parentPort } from 'node:worker_threads';

const utilities = new Script(readFileSync(new URL('./utilities.js', import.meta.url), 'utf8'));
const worlds = new Map();
const mostWorlds = 50;

parentPort.on('message', ({ id, script, handler, context, now, random }) => {
  parentPort.postMessage({ id, text: evaluate(script, handler, context, now, random) });
});

function evaluate(script, handler, context, now, random) {
  try {
    const world = worldOf(script);
    const words = [handler, context, now, random].map((word) => JSON.stringify(word)).join(', ');
    const text = new Script(`__call(${words})`).runInContext(world);
    return typeof text === 'string' ? text : '{}';
  } catch (error) {
    return JSON.stringify({ failure: `The code failed: ${textOf(error)}` });
  }
}

function worldOf(script) {
  const known = worlds.get(script);
  if (known) return known;
  if (worlds.size >= mostWorlds) worlds.clear();
  const world = createContext(Object.create(null), { codeGeneration: { strings: false, wasm: false } });
  utilities.runInContext(world);
  new Script(`__install(${script})`, { filename: 'code.js' }).runInContext(world);
  worlds.set(script, world);
  return world;
}

/** Of what code threw; even its text may be a trap. */
function textOf(error) {
  try {
    return String(error?.message ?? error).slice(0, 500);
  } catch {
    return 'an error that cannot be written';
  }
}
