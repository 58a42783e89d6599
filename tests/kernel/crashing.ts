import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { HandlerName } from './crash-handlers.ts';

/** Where a process is killed: at its n-th call of AWS, before the call is made or after it was, before its answer. */
export interface Point {
  readonly call: number;
  readonly when: 'before' | 'after';
}

/** What became of a process: killed, or done, with how often it called AWS. */
export interface Run {
  readonly killed: boolean;
  readonly calls: number;
}

export interface Crashing {
  /** Runs the handler in a process of its own, which is killed with SIGKILL at the point, if it gets there. */
  run(name: HandlerName, event: unknown, point?: Point, environment?: NodeJS.ProcessEnv): Promise<Run>;
  stop(): void;
}

/** Bundles the handlers, so that a process starts as soon as on Lambda. */
export async function startCrashing(): Promise<Crashing> {
  const folder = mkdtempSync(join(tmpdir(), 'skafu-crashing-'));
  const bundle = join(folder, 'child.cjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'crash-child.ts')],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    logLevel: 'error',
  });
  return {
    async run(name, event, point, environment = {}) {
      const proxy = await startProxy(point);
      const child = fork(bundle, {
        env: { ...process.env, ...environment, AWS_ENDPOINT_URL: proxy.url },
        execArgv: [],
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      proxy.kills(child);
      try {
        return { killed: await isKilled(child, { name, event }), calls: proxy.calls() };
      } finally {
        proxy.stop();
      }
    },
    stop: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}

/** Throws when the handler failed of itself. */
async function isKilled(child: ChildProcess, message: object): Promise<boolean> {
  let told: { failure?: string } | undefined;
  child.on('message', (said) => {
    told = said as { failure?: string };
  });
  child.send(message);
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
  if (told?.failure !== undefined) throw new Error(told.failure);
  if (signal !== 'SIGKILL' && !told) throw new Error('The process ended without a word.');
  return signal === 'SIGKILL';
}

/** Stands between the process and the local cloud, counts its calls and kills it at the point. */
async function startProxy(point?: Point) {
  const target = new URL(process.env['AWS_ENDPOINT_URL'] ?? '');
  let calls = 0;
  let victim: ChildProcess | undefined;
  const server = createServer((incoming, outgoing) => {
    calls += 1;
    const call = calls;
    const isPoint = (when: Point['when']) => point?.call === call && point.when === when;
    if (isPoint('before')) {
      victim?.kill('SIGKILL');
      return;
    }
    void forward(incoming, target).then(({ answer, body }) => {
      if (isPoint('after')) victim?.kill('SIGKILL');
      else reply(outgoing, answer, body);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: () => calls,
    kills(child: ChildProcess) {
      victim = child;
    },
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function forward(incoming: IncomingMessage, target: URL) {
  const sent = request({
    host: target.hostname,
    port: target.port,
    method: incoming.method,
    path: incoming.url,
    headers: incoming.headers,
  });
  incoming.pipe(sent);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  const parts: Buffer[] = [];
  for await (const part of answer) parts.push(part as Buffer);
  return { answer, body: Buffer.concat(parts) };
}

function reply(outgoing: ServerResponse, answer: IncomingMessage, body: Buffer): void {
  outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
  outgoing.end(body);
}
