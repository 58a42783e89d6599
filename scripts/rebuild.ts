import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { signedInApi } from './bench/api.ts';
import { type Api, run, type Wish } from './rebuild/run.ts';
import type { Outputs } from './start/outputs.ts';

const usage = `Makes the rows of a read model anew from the event store, while the old ones serve.

  npm run rebuild -- [<domain>/<model>] [options]

  without a model     list read models, how far they are behind, and their rebuilds
  --estimate          only tell what it would take
  --watch             only tell how far it is
  --cancel <reason>   give up the one that runs
  --url <url>         of the console; by default the platform that npm start runs here
  --data-dir <dir>    of npm start, by default .skafu

With --url, SKAFU_TOKEN must hold the ID token of an operator of the installation's tenant.
Exit code: 0 done, 1 not done, 2 could not be asked.`;

/** How often it is asked for how far it is. */
const pauseMilliseconds = 2_000;

function readWish(): { wish: Wish | undefined; url: string | undefined; dataDirectory: string } {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      estimate: { type: 'boolean', default: false },
      watch: { type: 'boolean', default: false },
      cancel: { type: 'string' },
      url: { type: 'string' },
      'data-dir': { type: 'string', default: '.skafu' },
      help: { type: 'boolean', default: false },
    },
  });
  const [model, ...more] = positionals;
  if (more.length > 0) throw new Error('Name one read model.');
  const action = values.estimate ? 'estimate' : values.watch ? 'watch' : 'start';
  const wish: Wish | undefined = values.help
    ? undefined
    : model === undefined
      ? { action: 'list' }
      : values.cancel === undefined
        ? { action, model }
        : { action: 'cancel', model, reason: values.cancel };
  return { wish, url: values.url, dataDirectory: values['data-dir'] };
}

/** The API at that address in the name of whose token it is, or the local one in the name of its demo operator. */
async function apiOf(url: string | undefined, dataDirectory: string): Promise<Api> {
  if (url === undefined) {
    const file = join(dataDirectory, 'outputs.json');
    if (!existsSync(file)) throw new Error('No platform runs here; name one with --url.');
    return signedInApi(JSON.parse(readFileSync(file, 'utf8')) as Outputs);
  }
  const token = process.env['SKAFU_TOKEN'];
  if (!token) throw new Error('SKAFU_TOKEN must hold an ID token.');
  const base = `${url.replace(/\/+$/, '')}/api/v1`;
  return async (method, path, body) => {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return JSON.parse(text) as unknown;
  };
}

try {
  const { wish, url, dataDirectory } = readWish();
  if (wish) {
    const pause = () => new Promise((resolve) => setTimeout(resolve, pauseMilliseconds));
    process.exitCode = await run(await apiOf(url, dataDirectory), wish, console.log, pause);
  } else console.log(usage);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}
