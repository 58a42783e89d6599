import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { FollowedModel } from '../definition/definitions.ts';
import type { StreamName } from '../messages/envelope.ts';
import { createPositions } from './positions.ts';
import { createKnownGenerations } from './rebuild/known-generations.ts';

/** A stream as one read model follows it. */
export interface FollowedStream {
  /** `<domain>/<model>` */
  readonly model: string;
  readonly stream: StreamName;
}

/**
 * Answers how far read models have followed streams, one call per table. A model that is no longer there waits for
 * nothing: it has come to the end of everything.
 */
export async function reachedBy(
  client: DynamoDBDocumentClient,
  models: readonly FollowedModel[],
  followed: readonly FollowedStream[],
): Promise<number[]> {
  const positions = createPositions(client);
  const { servingTable } = createKnownGenerations(async () => client);
  const reached = new Map<FollowedStream, number>();
  for (const { name, table } of models) {
    const own = followed.filter(({ model }) => model === name);
    if (own.length === 0) continue;
    const versions = await positions(
      await servingTable(table),
      own.map(({ stream }) => headOf(stream)),
    );
    for (const [index, version] of versions.entries()) reached.set(own[index] as FollowedStream, version);
  }
  return followed.map((one) => reached.get(one) ?? Number.POSITIVE_INFINITY);
}

const headOf = ({ tenant, type, id }: StreamName) => ({ tenant, stream: { type, id } });
