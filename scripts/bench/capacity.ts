import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { type DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb';
import { type CommitItem, sizeOf } from '#shared/event-store/commit.ts';
import { type Item, itemBytes } from './item-size.ts';

/** What requests cost by AWS's rules, without what indexes add. */
export interface Units {
  requests: number;
  read: number;
  write: number;
}

/** DynamoDB bills writes by started kilobytes of an item, and reads by started four of all items together. */
export const writeUnits = (bytes: number): number => Math.max(1, Math.ceil(bytes / 1024));
/** Strongly consistent; a read that finds nothing costs what the smallest does. */
export const readUnits = (bytes: number): number => Math.max(1, Math.ceil(bytes / 4096));
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

interface Input {
  readonly Item?: Item;
  readonly ConsistentRead?: boolean;
  readonly TransactItems?: readonly { readonly Put?: { readonly Item: Item } }[];
}
interface Output {
  readonly Item?: Item;
  readonly Items?: readonly Item[];
  readonly Responses?: readonly { readonly Item?: Item }[];
}

/** The units of one request, reckoned from the sizes of items. A refused write costs what it would have cost. */
function unitsOf(command: string, input: Input, output: Output): Omit<Units, 'requests'> {
  const consistency = input.ConsistentRead ? 1 : 0.5;
  switch (command) {
    case 'PutItemCommand':
      return { read: 0, write: writeUnits(itemBytes(input.Item ?? {})) };
    case 'TransactWriteItemsCommand':
      return {
        read: 0,
        write: sum(
          (input.TransactItems ?? []).map(({ Put }) => 2 * writeUnits(Put ? itemBytes(Put.Item) : 0)),
        ),
      };
    case 'GetItemCommand':
      return { read: consistency * readUnits(itemBytes(output.Item ?? {})), write: 0 };
    case 'QueryCommand':
      return { read: consistency * readUnits(sum((output.Items ?? []).map(itemBytes))), write: 0 };
    case 'TransactGetItemsCommand':
      return {
        read: sum((output.Responses ?? []).map(({ Item }) => 2 * readUnits(itemBytes(Item ?? {})))),
        write: 0,
      };
    default:
      throw new Error(`Nobody has said yet what ${command} costs.`);
  }
}

/**
 * Capacity units that everything sent through the client during `work` costs, by AWS's rules: DynamoDB Local says less
 * than is billed for transactions, and nothing for what is refused.
 */
export async function countUnits(client: DynamoDBClient, work: () => Promise<unknown>): Promise<Units> {
  const units: Units = { requests: 0, read: 0, write: 0 };
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (request) => {
        const charge = (output: Output) => {
          const { read, write } = unitsOf(commandName, request.input as Input, output);
          units.requests += 1;
          units.read += read;
          units.write += write;
        };
        try {
          const answer = await next(request);
          charge(answer.output as Output);
          return answer;
        } catch (error) {
          charge({});
          throw error;
        }
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
  let read = 0;
  let last = Number.NaN;
  const pages = paginateQuery(
    { client },
    {
      TableName: table,
      KeyConditionExpression: 's = :s',
      ExpressionAttributeValues: { ':s': { S: stream } },
      ConsistentRead: true,
    },
  );
  // Each page is rounded up by itself: no query answers more than a megabyte.
  for await (const { Items: items = [] } of pages) {
    const sizes = items.map(leastBytes);
    read += readUnits(sum(sizes));
    last = sizes.at(-1) ?? last;
  }
  return { write: writeUnits(last), read };
}

function leastBytes(item: CommitItem): number {
  const kept = item['b']?.B ?? new Uint8Array();
  const json = item['f']?.S === 'd' ? inflateRawSync(kept) : kept;
  const others = sizeOf(item) - kept.length;
  const [plain, deflated] = [others + json.length, others + deflateRawSync(json).length];
  return writeUnits(deflated) < writeUnits(plain) ? deflated : plain;
}
