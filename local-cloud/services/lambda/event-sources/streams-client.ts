import { Agent, request } from 'node:http';
import type { EngineAddress } from '../../../core/cloud.ts';
import { AwsError } from '../../../core/errors.ts';

/** A stream record exactly as DynamoDB Streams writes it, which is also how Lambda hands it to functions. */
export interface StreamRecord {
  eventID: string;
  eventName: string;
  eventVersion: string;
  dynamodb: {
    SequenceNumber: string;
    /** Epoch seconds. */
    ApproximateCreationDateTime?: number;
    [field: string]: unknown;
  };
  [field: string]: unknown;
}

export interface Shard {
  ShardId: string;
  ParentShardId?: string;
}

/**
 * The four calls a poller needs, in DynamoDB's own JSON. Not the SDK: it would parse every record into its own types
 * only for us to write the wire form again, many times a second.
 */
export class StreamsClient {
  readonly #endpoint: URL;
  readonly #authorization: string;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 16 });

  constructor({ endpoint, authorization }: EngineAddress) {
    this.#endpoint = new URL(endpoint);
    this.#authorization = authorization;
  }

  /** All shards, parents before their children. */
  async shards(streamArn: string): Promise<Shard[]> {
    const shards: Shard[] = [];
    let last: string | undefined;
    do {
      const { StreamDescription } = await this.#call<{
        StreamDescription: { Shards?: Shard[]; LastEvaluatedShardId?: string };
      }>('DescribeStream', { StreamArn: streamArn, ...(last ? { ExclusiveStartShardId: last } : {}) });
      shards.push(...(StreamDescription.Shards ?? []));
      last = StreamDescription.LastEvaluatedShardId;
    } while (last);
    return shards;
  }

  /** An iterator after a sequence number, or at the oldest record when none is given. */
  async iterator(streamArn: string, shardId: string, after: string | undefined): Promise<string> {
    const position = after
      ? { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: after }
      : { ShardIteratorType: 'TRIM_HORIZON' };
    const input = { StreamArn: streamArn, ShardId: shardId, ...position };
    return (await this.#call<{ ShardIterator: string }>('GetShardIterator', input)).ShardIterator;
  }

  /** `next` is undefined when the shard is closed and read to its end. */
  async records(
    iterator: string,
    limit: number,
  ): Promise<{ records: StreamRecord[]; next: string | undefined }> {
    const answer = await this.#call<{ Records?: StreamRecord[]; NextShardIterator?: string }>('GetRecords', {
      ShardIterator: iterator,
      Limit: Math.min(limit, 1000),
    });
    return { records: answer.Records ?? [], next: answer.NextShardIterator };
  }

  close(): void {
    this.#agent.destroy();
  }

  #call<Answer>(operation: string, input: object): Promise<Answer> {
    const body = JSON.stringify(input);
    return new Promise((resolve, reject) => {
      const call = request(
        this.#endpoint,
        {
          method: 'POST',
          agent: this.#agent,
          timeout: 30_000,
          headers: {
            'content-type': 'application/x-amz-json-1.0',
            'content-length': Buffer.byteLength(body),
            'x-amz-target': `DynamoDBStreams_20120810.${operation}`,
            authorization: this.#authorization,
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            try {
              resolve(readAnswer(response.statusCode ?? 0, Buffer.concat(chunks).toString('utf8')) as Answer);
            } catch (error) {
              reject(error);
            }
          });
        },
      );
      call.on('timeout', () => call.destroy(new Error(`${operation} did not answer in 30 seconds.`)));
      call.on('error', reject);
      call.end(body);
    });
  }
}

function readAnswer(status: number, text: string): unknown {
  const answer: unknown = JSON.parse(text);
  if (status === 200) return answer;
  const { __type: type = 'InternalFailure', message = text } = answer as {
    __type?: string;
    message?: string;
  };
  throw new AwsError(type.split('#').at(-1) ?? type, message, status);
}
