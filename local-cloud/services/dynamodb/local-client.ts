import { Agent, request } from 'node:http';
import { AwsError } from '../../core/errors.ts';

export interface LocalAnswer {
  status: number;
  body: Buffer;
}

/** Talks to DynamoDB Local over connections that stay open. */
export interface LocalClient {
  endpoint: string;
  /** One request as it stands; `target` is the whole `X-Amz-Target`. */
  send(target: string, body: Buffer | string): Promise<LocalAnswer>;
  /** One operation of DynamoDB. Throws `AwsError` with DynamoDB's code. */
  call(operation: string, input: object): Promise<Record<string, unknown>>;
  close(): void;
}

// DynamoDB Local checks no signature, but wants one; with -sharedDb every key and region sees the same tables.
const AUTHORIZATION =
  'AWS4-HMAC-SHA256 Credential=local/20200101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0';

export function createLocalClient(port: number): LocalClient {
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
            authorization: AUTHORIZATION,
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
