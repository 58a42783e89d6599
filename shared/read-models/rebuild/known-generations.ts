import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import {
  cacheMilliseconds,
  createControl,
  type Generations,
  readGeneration,
  tablesOf,
  writtenGenerations,
} from './generations.ts';

/** Which table of a read model to read and to write now, asked of DynamoDB once a second at most. */
export interface KnownGenerations {
  /** The table that serves the read model whose first table has this name. */
  servingTable(first: string): Promise<string>;
  /** The tables to write, in this order. While readers turn to another table, the answer waits until they have. */
  writtenTables(first: string): Promise<readonly string[]>;
}

export function createKnownGenerations(
  client: () => Promise<DynamoDBDocumentClient>,
  now: () => number = Date.now,
): KnownGenerations {
  const known = new Map<string, { readonly asked: number; readonly answer: Promise<Generations> }>();

  function generationsOf(first: string): Promise<Generations> {
    const standing = known.get(first);
    // Counted from before the question, so an answer that was long on its way is not believed for longer.
    const asked = now();
    if (standing && asked - standing.asked < cacheMilliseconds) return standing.answer;
    const answer = client().then((documents) => createControl(documents, first).read());
    known.set(first, { asked, answer });
    // A question that failed is asked again by the next; whoever awaits this one is told.
    answer.catch(() => known.delete(first));
    return answer;
  }

  const nameOf = (first: string, generation: 1 | 2) => {
    const [one, two] = tablesOf(first);
    return generation === 1 ? one : two;
  };

  return {
    async servingTable(first) {
      return nameOf(first, readGeneration(await generationsOf(first), now()));
    },
    async writtenTables(first) {
      for (;;) {
        const written = writtenGenerations(await generationsOf(first), now());
        if ('write' in written) return written.write.map((generation) => nameOf(first, generation));
        const { waitUntil } = written;
        await new Promise((resolve) => setTimeout(resolve, Math.max(waitUntil - now(), 1)));
      }
    },
  };
}
