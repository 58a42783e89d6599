import {
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  type ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { textIn } from '../event-store/attributes.ts';
import type { CommitItem } from '../event-store/commit.ts';

/** Small, so that a few items take several pages. */
const pageItems = 2;

/**
 * The event store's table in memory, for tests of what reads it past the event store: by scan, by stream, by item. Scans
 * answer `scanned` where they are to lag behind what stands, in the order given.
 */
export function createMemoryTable(
  standing: readonly CommitItem[],
  scanned: readonly CommitItem[] = standing,
): DynamoDBClient {
  const keyOf = ({ s, c }: CommitItem) => `${s?.S} ${c?.N}`;

  function page(items: readonly CommitItem[], after: CommitItem | undefined) {
    const start = after ? items.findIndex((item) => keyOf(item) === keyOf(after)) + 1 : 0;
    const found = items.slice(start, start + pageItems);
    const isLast = start + pageItems >= items.length;
    return {
      Items: found,
      ConsumedCapacity: { CapacityUnits: 1 },
      LastEvaluatedKey: isLast ? undefined : found.at(-1),
    };
  }

  async function send(command: ScanCommand | QueryCommand | GetItemCommand) {
    if (command instanceof GetItemCommand) {
      const { Key: key = {} } = command.input;
      return { Item: standing.find((item) => keyOf(item) === keyOf(key)) };
    }
    const { ExclusiveStartKey: after, ExpressionAttributeValues: values = {} } = command.input;
    if (command instanceof QueryCommand) {
      const key = textIn(values, ':s');
      return page(
        standing.filter((item) => textIn(item, 's') === key),
        after,
      );
    }
    const { Segment: segment = 0, TotalSegments: total = 1 } = command.input;
    const tenant = textIn(values, ':tenant');
    const isInPart = (key: string) => key.startsWith(tenant) && segmentOf(key, total) === segment;
    return page(
      scanned.filter((item) => isInPart(textIn(item, 's'))),
      after,
    );
  }

  return { send } as unknown as DynamoDBClient;
}

/** All items of a stream lie in one segment, as in DynamoDB. */
export function segmentOf(key: string, total: number): number {
  return Buffer.from(key).reduce((sum, byte) => sum + byte, 0) % total;
}
