import { Agent, request } from 'node:http';
import { AwsError } from '../../core/errors.ts';
import type { Gate } from '../../core/gate.ts';

export interface LocalAnswer {
  status: number;
  body: Buffer;
}

/** Talks to DynamoDB Local over connections that stay open. */
export interface LocalClient {
  endpoint: string;
  accessKeyId: string;
  /** One request as it stands; `target` is the whole `X-Amz-Target`. */
  send(target: string, body: Buffer | string): Promise<LocalAnswer>;
  /** One operation of DynamoDB. Throws `AwsError` with DynamoDB's code. */
  call(operation: string, input: object): Promise<Record<string, unknown>>;
  close(): void;
}

/** What an engine that works for one local cloud alone is asked with; it keeps no keys apart. */
const onlyKey = 'local';

/** DynamoDB Local checks no signature, but wants one; `region` is that of the tables. */
export const authorizationFor = (accessKeyId: string, region: string) =>
  `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20200101/${region}/dynamodb/aws4_request, SignedHeaders=host, Signature=0`;

export function createLocalClient(port: number, region: string, accessKeyId = onlyKey): LocalClient {
  const authorization = authorizationFor(accessKeyId, region);
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });

  function send(target: string, body: Buffer | string): Promise<LocalAnswer> {
    return new Promise((resolve, reject) => {
      const outgoing = request(
        {
          agent,
          host: '127.0.0.1',
          port,
          method: 'POST',
          path: '/',
          headers: {
            'x-amz-target': target,
            'content-type': 'application/x-amz-json-1.0',
            'content-length': Buffer.byteLength(body),
            authorization,
          },
        },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.on('error', reject);
          incoming.on('end', () =>
            resolve({ status: incoming.statusCode ?? 500, body: Buffer.concat(chunks) }),
          );
        },
      );
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }

  return {
    endpoint: `http://127.0.0.1:${port}`,
    accessKeyId,
    send,
    async call(operation, input) {
      const { status, body } = await send(`DynamoDB_20120810.${operation}`, JSON.stringify(input));
      const output = JSON.parse(body.toString()) as Record<string, unknown>;
      if (status === 200) return output;
      const code = String(output['__type'] ?? 'InternalFailure').replace(/^.*#/, '');
      throw new AwsError(code, String(output['Message'] ?? output['message'] ?? code), status);
    },
    close: () => agent.destroy(),
  };
}

/** The same client, whose calls wait while the gate is held. */
export function behind(gate: Gate, client: LocalClient): LocalClient {
  return {
    ...client,
    send: (target, body) => gate.pass(() => client.send(target, body)),
    call: (operation, input) => gate.pass(() => client.call(operation, input)),
  };
}
