import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { signedHeaders } from '../gateway/sign.ts';

interface Endpoint {
  readonly url: string;
  readonly region: string;
  readonly pid: number;
}

const fileOf = (dataDirectory: string) => join(dataDirectory, 'endpoint.json');

/** Says where the local cloud of a data folder is reached, as long as it runs. Answers how to take that back. */
export function announce(dataDirectory: string, url: string, region: string): () => void {
  const endpoint: Endpoint = { url, region, pid: process.pid };
  writeFileSync(fileOf(dataDirectory), JSON.stringify(endpoint));
  return () => rmSync(fileOf(dataDirectory), { force: true });
}

/** The local cloud that runs on a data folder, or undefined when none does. */
export function runningCloud(dataDirectory: string): RunningCloud | undefined {
  const file = fileOf(dataDirectory);
  if (!existsSync(file)) return undefined;
  const endpoint = JSON.parse(readFileSync(file, 'utf8')) as Endpoint;
  return isAlive(endpoint.pid) ? new RunningCloud(endpoint) : undefined;
}

/** A process that was killed leaves its file behind. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of somebody else lives too.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Asks a local cloud that runs, as its owner. */
export class RunningCloud {
  readonly #endpoint: Endpoint;

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
  }

  /** An answer of the local cloud's own page, as JSON. Throws with its message. */
  async own<Answer>(method: 'GET' | 'POST', path: string, body?: object): Promise<Answer> {
    const url = new URL(`/_local-cloud/${path}`, this.#endpoint.url);
    const response = await fetch(url, {
      method,
      headers: { accept: 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as Answer & { message?: string };
    if (!response.ok) throw new Error(answer.message ?? `It answered ${response.status}.`);
    return answer;
  }

  /** A request to a service of AWS, signed. */
  async aws(service: string, path: string, headers: Record<string, string>, body: string): Promise<Response> {
    const url = new URL(path, this.#endpoint.url);
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const scope = { region: this.#endpoint.region, service };
    const sent = signedHeaders({ method: 'POST', url, headers, body }, credentials, scope);
    return fetch(url, { method: 'POST', headers: sent, body });
  }
}
