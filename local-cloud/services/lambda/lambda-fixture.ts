import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { administrator } from '../../core/access.ts';
import type { Cloud, Ports } from '../../core/cloud.ts';
import type { Attributes, AwsRequest, Service } from '../../core/service.ts';
import { createTestCloud, type TestCloud, testResource } from '../../core/testing.ts';
import { createLambda, type LambdaOptions } from './index.ts';

export interface LambdaFixture {
  cloud: TestCloud;
  lambda: Service;
  /** What functions logged, as CloudWatch Logs would hold it. */
  logged: { group: string; stream: string; message: string }[];
  /** Puts a function `name` of one module, `index.mjs` unless named otherwise. */
  deploy(name: string, source: string, settings?: Attributes, file?: string): Promise<Attributes>;
  /** Folder of the archives, `<name>.zip` each. */
  folder: string;
  apply(type: string, name: string, desired: Attributes, previous?: Attributes): Promise<Attributes>;
  close(): Promise<void>;
}

/** Until a process has started, on a machine that has much else to do. */
export const patience = { timeout: 20_000, interval: 20 };

/** A Lambda service on a test cloud, its functions given as source text. */
export function createLambdaFixture(
  options: LambdaOptions & { cloud?: Partial<Omit<Cloud, 'ports'>>; ports?: Partial<Ports> } = {},
): LambdaFixture {
  const logged: LambdaFixture['logged'] = [];
  const cloud = createTestCloud({
    ...options.cloud,
    ports: {
      logs: {
        write: (group, stream, entries) =>
          void logged.push(...entries.map(({ message }) => ({ group, stream, message }))),
      },
      ...options.ports,
    },
  });
  const lambda = createLambda(cloud, options);
  const folder = mkdtempSync(join(tmpdir(), 'lambda-test-'));
  const apply: LambdaFixture['apply'] = async (type, name, desired, previous) => {
    const handler = lambda.resources[type];
    if (!handler) throw new Error(`Lambda does not handle ${type}.`);
    return handler.apply(testResource(type, name, desired, folder), previous);
  };
  return {
    cloud,
    lambda,
    logged,
    folder,
    apply,
    deploy(name, source, settings = {}, file = 'index.mjs') {
      writeFileSync(join(folder, `${name}.zip`), archiveOf(source, file));
      return apply('aws_lambda_function', name, {
        function_name: name,
        filename: `${name}.zip`,
        handler: 'index.handler',
        runtime: 'nodejs22.x',
        role: 'arn:aws:iam::000000000000:role/test',
        ...settings,
      });
    },
    async close() {
      await lambda.stop?.();
      cloud.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A deployment archive of one module. */
export function archiveOf(source: string, file = 'index.mjs'): Uint8Array {
  return zipSync({ [file]: Buffer.from(source) });
}

/** A request on Lambda's REST API as the gateway hands it over. */
export function apiRequest(
  method: string,
  target: string,
  body = '',
  headers: Record<string, string> = {},
): AwsRequest {
  const url = new URL(target, 'http://127.0.0.1');
  return {
    method,
    path: url.pathname,
    query: url.searchParams,
    headers,
    body: Buffer.from(body),
    region: 'us-east-1',
    caller: administrator,
  };
}
