import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** What a client's requests have cost since the last reset. */
export interface Units {
  requests: number;
  /** Capacity units, as DynamoDB says. */
  consumed: number;
  reset(): void;
}

/** Has every request of the client ask for what it consumed, and adds that up. */
export function measureUnits(client: DynamoDBClient): Units {
  const units: Units = {
    requests: 0,
    consumed: 0,
    reset() {
      units.requests = 0;
      units.consumed = 0;
    },
  };
  client.middlewareStack.add(
    (next) => async (request) => {
      Object.assign(request.input, { ReturnConsumedCapacity: 'TOTAL' });
      units.requests += 1;
      const answer = await next(request);
      const { ConsumedCapacity: consumed } = answer.output as {
        ConsumedCapacity?: { CapacityUnits?: number };
      };
      units.consumed += consumed?.CapacityUnits ?? 0;
      return answer;
    },
    { step: 'initialize', name: 'measureUnits' },
  );
  return units;
}
