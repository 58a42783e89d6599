/** Calls the API; throws on any answer but a success. */
export type Api = (method: string, path: string, body?: unknown) => Promise<unknown>;

/** What is asked for. */
export type Wish =
  | { readonly action: 'list' }
  | { readonly action: 'estimate' | 'start' | 'watch'; readonly model: string }
  | { readonly action: 'cancel'; readonly model: string; readonly reason: string };

interface Estimate {
  readonly items: number;
  readonly bytes: number;
  readonly rows: number;
  readonly readUnits: number;
  readonly writeUnits: number;
  readonly dollars: number;
  readonly seconds: number;
}

interface Rebuild {
  readonly rebuildId: string;
  readonly status: string;
  readonly startedAt: string;
  readonly progress?: { readonly items: number; readonly rows: number; readonly rowsPerSecond: number };
  readonly share?: number;
  readonly secondsLeft?: number;
  readonly reason?: string;
}

interface Model {
  readonly model: string;
  readonly rows: number;
  readonly lagSeconds?: number;
  readonly estimate: Estimate;
  readonly rebuild?: Rebuild;
}

interface Models {
  readonly items: readonly Model[];
  readonly price: {
    readonly region: string;
    readonly since: string;
    readonly perMillionReadUnits: number;
    readonly perMillionWriteUnits: number;
  };
}

/** What a command answers: the stream, as `type/id`, and its version. */
interface Started {
  readonly stream: string;
  readonly version: number;
}

const isRunning = ({ status }: Rebuild) => !['switched', 'cancelled', 'failed'].includes(status);

/** Does what is asked for, tells it line by line, and answers the exit code: 0 done, 1 not done. */
export async function run(
  api: Api,
  wish: Wish,
  print: (line: string) => void,
  pause: () => Promise<unknown>,
): Promise<number> {
  const { items, price } = await modelsOf(api);
  if (wish.action === 'list') {
    for (const model of items) print(lineOf(model));
    return 0;
  }
  const found = items.find(({ model }) => model === wish.model);
  if (!found) {
    print(`There is no read model ${wish.model}. There are: ${items.map(({ model }) => model).join(', ')}`);
    return 1;
  }
  if (wish.action === 'cancel') {
    if (!found.rebuild || !isRunning(found.rebuild)) {
      print(`No rebuild of ${wish.model} runs.`);
      return 1;
    }
    await api('POST', `/events/rebuilds/${found.rebuild.rebuildId}/cancellation`, { reason: wish.reason });
    print(`Cancelled. The rows of ${wish.model} stay as they are.`);
    return 0;
  }
  let started: Started | undefined;
  if (wish.action !== 'watch') {
    print(estimateText(found, price));
    if (wish.action === 'estimate') return 0;
    started = (await api('POST', '/events/rebuilds', { model: wish.model })) as Started;
    print('Started. It goes on when this command is ended; --cancel stops it.');
  }
  return watch(api, wish.model, started, print, pause);
}

/** Tells each change until the rebuild is over: of the one that was started, or else of the last. */
async function watch(
  api: Api,
  model: string,
  started: Started | undefined,
  print: (line: string) => void,
  pause: () => Promise<unknown>,
): Promise<number> {
  let told = '';
  for (;;) {
    const rebuild = (await modelsOf(api, started)).items.find((one) => one.model === model)?.rebuild;
    if (rebuild) {
      const line = progressText(rebuild);
      if (line !== told) print(line);
      told = line;
      if (!isRunning(rebuild)) return rebuild.status === 'switched' ? 0 : 1;
    } else {
      print(`${model} was never rebuilt.`);
      return 1;
    }
    await pause();
  }
}

async function modelsOf(api: Api, started?: Started): Promise<Models> {
  const atLeast = started ? `?atLeast=${started.stream}:${started.version}` : '';
  // The API answers what its own definition says.
  return (await api('GET', `/events/read-models${atLeast}`)) as Models;
}

function lineOf({ model, rows, lagSeconds, rebuild }: Model): string {
  const lag = lagSeconds === undefined ? 'lag not measured' : `${lagSeconds.toFixed(0)} s behind`;
  return `${model.padEnd(40)} ${`${rows}`.padStart(9)} rows  ${lag}${
    rebuild ? `  ${progressText(rebuild)}` : ''
  }`;
}

function estimateText({ model, estimate }: Model, price: Models['price']): string {
  const { items, bytes, rows, readUnits, writeUnits, dollars, seconds } = estimate;
  return [
    `Rebuild of ${model}, by what DynamoDB counted last:`,
    `  reads   ${items} items, ${(bytes / 1e6).toFixed(1)} MB of the event store: ${readUnits} read units`,
    `  writes  about ${rows} rows and positions: ${writeUnits} write units`,
    `  takes   about ${seconds} s`,
    `  costs   about $${dollars.toFixed(4)} (${price.region} on demand since ${price.since}: $${price.perMillionReadUnits} and $${price.perMillionWriteUnits} a million)`,
  ].join('\n');
}

function progressText({ status, progress, share, secondsLeft, reason }: Rebuild): string {
  const parts = [
    status,
    ...(progress && share !== undefined ? [`${Math.floor(share * 100)} %`] : []),
    ...(progress ? [`${progress.rows} rows`, `${progress.rowsPerSecond} rows/s`] : []),
    ...(secondsLeft === undefined ? [] : [`${secondsLeft} s left`]),
    ...(reason ? [reason] : []),
  ];
  return parts.join(', ');
}
