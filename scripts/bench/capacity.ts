import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { type DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb';
import { type CommitItem, sizeOf } from '#shared/event-store/commit.ts';

/** DynamoDB bills writes by started kilobytes of an item, and reads by started four of all items together. */
const writeUnit = 1024;
const readUnit = 4096;

/** Capacity units that everything sent through the client during `work` was charged. */
export async function countUnits(client: DynamoDBClient, work: () => Promise<unknown>): Promise<number> {
  let units = 0;
  client.middlewareStack.add(
    (next) => async (request) => {
      const answer = await next({
        ...request,
        input: { ...request.input, ReturnConsumedCapacity: 'TOTAL' },
      });
      const { ConsumedCapacity: consumed } = answer.output as {
        ConsumedCapacity?: { CapacityUnits?: number };
      };
      units += consumed?.CapacityUnits ?? 0;
      return answer;
    },
    { step: 'initialize', name: 'countUnits' },
  );
  try {
    await work();
  } finally {
    client.middlewareStack.remove('countUnits');
  }
  return units;
}

/**
 * The least that the bytes which are kept can cost: for writing the last commit of a stream, and for reading all of its
 * commits, strongly consistent. A body counts in the smaller of its two forms where that saves a write unit.
 */
export async function leastUnits(
  client: DynamoDBClient,
  table: string,
  stream: string,
): Promise<{ write: number; read: number }> {
  const sizes: number[] = [];
  const pages = paginateQuery(
    { client },
    {
      TableName: table,
      KeyConditionExpression: 's = :s',
      ExpressionAttributeValues: { ':s': { S: stream } },
      ConsistentRead: true,
    },
  );
  for await (const page of pages) sizes.push(...(page.Items ?? []).map(leastBytes));
  return {
    write: Math.ceil((sizes.at(-1) ?? Number.NaN) / writeUnit),
    read: Math.ceil(sizes.reduce((sum, size) => sum + size, 0) / readUnit),
  };
}

function leastBytes(item: CommitItem): number {
  const kept = item['b']?.B ?? new Uint8Array();
  const json = item['f']?.S === 'd' ? inflateRawSync(kept) : kept;
  const others = sizeOf(item) - kept.length;
  const [plain, deflated] = [others + json.length, others + deflateRawSync(json).length];
  return Math.ceil(deflated / writeUnit) < Math.ceil(plain / writeUnit) ? deflated : plain;
}
