import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Endings } from './bench/endings.ts';
import { isMissed, type Line, tableOf } from './bench/lines.ts';
import {
  type Bench,
  coldStartPart,
  consolePart,
  eventStorePart,
  growthPart,
  localCloudPart,
  logsInsightsPart,
  platformPart,
  type Result,
  rebuildGrowthPart,
  rebuildPart,
} from './bench/parts.ts';
import { buildAll } from './build/build.ts';

// Node 20 has to work until the move to 22; the SDK would say in every process that it is old.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

const root = join(import.meta.dirname, '..');
const parts: Readonly<Record<string, (bench: Bench) => Promise<Result>>> = {
  'event-store': eventStorePart,
  growth: growthPart,
  rebuild: rebuildPart,
  'rebuild-growth': rebuildGrowthPart,
  'cold-start': coldStartPart,
  'local-cloud': localCloudPart,
  'logs-insights': logsInsightsPart,
  platform: platformPart,
  console: consolePart,
};
const usage = `npm run bench -- [part…] [--verbose]

Parts, all of them when none is named: ${Object.keys(parts).join(', ')}
  --verbose  also the stages of npm start, and the cold start of every function
`;

/** Progress, apart from the report. */
const tell = (line: string) => process.stderr.write(`${line}\n`);

function readArguments(): { names: string[]; verbose: boolean } {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { verbose: { type: 'boolean', default: false } },
  });
  const unknown = positionals.find((name) => !(name in parts));
  if (unknown !== undefined) throw new Error(`There is no part ${unknown}.`);
  return {
    names: Object.keys(parts).filter((name) => positionals.length === 0 || positionals.includes(name)),
    verbose: values.verbose,
  };
}

function readArgumentsOrExit() {
  try {
    return readArguments();
  } catch (error) {
    tell(`${error instanceof Error ? error.message : error}\n\n${usage}`);
    process.exit(2);
  }
}

async function run(names: readonly string[], endings: Endings): Promise<Result[]> {
  await buildAll(root, 'local', ({ name, milliseconds, unchanged }) =>
    tell(`build ${name}: ${unchanged ? 'unchanged' : `${(milliseconds / 1000).toFixed(1)} s`}`),
  );
  const work = mkdtempSync(join(tmpdir(), 'skafu-bench-'));
  endings.add(() => rmSync(work, { recursive: true, force: true, maxRetries: 5 }));
  const results: Result[] = [];
  for (const name of names) {
    const started = performance.now();
    tell(`${name} …`);
    const ofPart = new Endings();
    endings.add(() => ofPart.run());
    const result = await parts[name]?.({ root, work: join(work, name), endings: ofPart });
    // What one part started must not disturb the next.
    await ofPart.run();
    tell(`${name}: ${((performance.now() - started) / 1000).toFixed(1)} s`);
    if (result) results.push(result);
  }
  return results;
}

function writeReport(lines: readonly Line[], text: string): void {
  const folder = join(root, 'reports');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'bench.md'), text);
  writeFileSync(
    join(folder, 'bench.json'),
    `${JSON.stringify({ node: process.version, processors: cpus().length, loadBefore: busyBefore, lines }, null, 2)}\n`,
  );
}

const { names, verbose } = readArgumentsOrExit();
/** Processes that wanted to run before we came: what competes with the bench makes its figures worse. */
const busyBefore = loadavg()[0] ?? 0;
const endings = new Endings();
let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    stopping = true;
    tell('stopping …');
    void endings.run().finally(() => process.exit(130));
  });
}
try {
  const results = await run(names, endings);
  const lines = results.flatMap((result) => result.lines);
  const missed = lines.filter(isMissed).length;
  const closing = `${lines.length} measures, ${missed} below their bar. Node ${process.version}, ${cpus().length} processors, load ${busyBefore.toFixed(1)} before.`;
  const more = results.flatMap((result) => result.more ?? []);
  writeReport(lines, `# Skafu's measures\n\n${[tableOf(lines), closing, ...more].join('\n\n')}\n`);
  process.stdout.write(`${[tableOf(lines), ...(verbose ? more : []), closing].join('\n\n')}\n`);
} catch (error) {
  // What is measured while it is being stopped fails, and that says nothing.
  if (!stopping) tell(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = stopping ? 130 : 1;
} finally {
  await endings.run();
}
