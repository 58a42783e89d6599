import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/** A Python program that answers each line of JSON with one, in order. */
export interface LineHost {
  ask(question: object): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

interface Waiting {
  resolve(answer: Record<string, unknown>): void;
  reject(error: Error): void;
}

/** Settings that keep a client of AWS from looking at those of whoever runs the test. */
export function clientEnvironment(endpoint: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'));
  return {
    ...Object.fromEntries(kept),
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_CONFIG_FILE: join(import.meta.dirname, 'aws-config.ini'),
    AWS_SHARED_CREDENTIALS_FILE: join(import.meta.dirname, 'no-credentials.ini'),
    AWS_MAX_ATTEMPTS: '1',
    PYTHONDONTWRITEBYTECODE: '1',
  };
}

export function startLineHost(script: string, words: string[], environment: NodeJS.ProcessEnv): LineHost {
  const child: ChildProcessByStdio<Writable, Readable, Readable> = spawn(
    'python3',
    [join(import.meta.dirname, script), ...words],
    { env: environment, stdio: ['pipe', 'pipe', 'pipe'] },
  );
  const waiting: Waiting[] = [];
  let complaint = '';
  let isOver = false;
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-4_000);
  });
  createInterface({ input: child.stdout }).on('line', (line) =>
    waiting.shift()?.resolve(JSON.parse(line) as Record<string, unknown>),
  );
  // What cannot be written is told when the program has ended, with what it complained of.
  child.stdin.on('error', () => undefined);
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => {
      isOver = true;
      for (const { reject } of waiting.splice(0)) reject(new Error(`${script} ended: ${complaint}`));
      resolve();
    });
  });
  return {
    ask: (question) =>
      new Promise((resolve, reject) => {
        if (isOver) return reject(new Error(`${script} ended: ${complaint}`));
        waiting.push({ resolve, reject });
        child.stdin.write(`${JSON.stringify(question)}\n`);
      }),
    async close() {
      child.stdin.end();
      await ended;
    },
  };
}
