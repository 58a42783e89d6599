import { deflateRawSync } from 'node:zlib';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DomainEvent } from '#shared/messages/event.ts';

/** Bytes of an item beside its events: key, versions, time, command, who and why, and the hash. */
const headBytes = 200;
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

/** The least that keeping these events in one commit can cost: their smaller form and a head, by started kilobyte. */
export function leastWriteUnits(events: readonly DomainEvent[]): number {
  return Math.ceil((headBytes + smallerForm(events)) / writeUnit);
}

/** The least that reading these commits can cost, strongly consistent, each kept as the append that cost least keeps it. */
export function leastReadUnits(commits: readonly (readonly DomainEvent[])[]): number {
  const bytes = commits.reduce((sum, events) => sum + headBytes + keptForm(events), 0);
  return Math.ceil(bytes / readUnit);
}

const jsonOf = (events: readonly DomainEvent[]) =>
  Buffer.from(JSON.stringify(events.map(({ type, data }) => [type, 1, data])));

function smallerForm(events: readonly DomainEvent[]): number {
  const json = jsonOf(events);
  return Math.min(json.length, deflateRawSync(json).length);
}

/** Deflating is worth its time on every read only where it saves a write unit. */
function keptForm(events: readonly DomainEvent[]): number {
  const json = jsonOf(events).length;
  const smaller = smallerForm(events);
  const units = (bytes: number) => Math.ceil((headBytes + bytes) / writeUnit);
  return units(smaller) < units(json) ? smaller : json;
}
