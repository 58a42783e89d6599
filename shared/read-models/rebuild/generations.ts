import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';

/**
 * A read model has two tables. One serves; the other is idle, or is being rebuilt. Which is which stands in one item of
 * the first table, under a key that no row can have, since keys of rows hold the `#` after their tenant:
 *
 * | name | what |
 * |---|---|
 * | `k` | `@generations` |
 * | `g` | the table that serves: 1 (also where there is no such item) or 2 |
 * | `b` | id of the rebuild that fills the other; absent while none does |
 * | `a` | when readers turn to the other, epoch milliseconds; absent until that is appointed |
 * | `w` `u` | who works at the rebuild, and until when nobody else may |
 */
export interface Generations {
  readonly serving: 1 | 2;
  readonly rebuild?: string;
  readonly switchAt?: number;
}

const controlKey = '@generations';

/** Readers and projections go by what they have read for so long; an appointment is made well before it comes due. */
export const cacheMilliseconds = 1_000;
/** From an appointment until the switch: everybody has read of it by then, however slow a request was. */
export const appointmentMilliseconds = 5 * cacheMilliseconds;
/**
 * Before and after the switch nothing is projected, so that both tables and their indexes say the same while readers
 * turn from one to the other: by so much may the clocks of two functions differ.
 */
export const holdMilliseconds = 250;

/** Both tables of a read model, by the name of the first. */
export function tablesOf(first: string): readonly [first: string, second: string] {
  return [first, `${first}-2`];
}

/** Whether a key is of our own bookkeeping, and of no row or position. */
export function isControl(key: string): boolean {
  return !key.includes('#');
}

/** Which generation a rebuild fills. */
export function idleOf({ serving }: Generations): 1 | 2 {
  return serving === 1 ? 2 : 1;
}

/** Which generation is read at this moment. */
export function readGeneration(generations: Generations, now: number): 1 | 2 {
  const { rebuild, switchAt } = generations;
  return rebuild !== undefined && switchAt !== undefined && now >= switchAt
    ? idleOf(generations)
    : generations.serving;
}

/**
 * Which generations are written at this moment, in this order, or until when to wait first. During a rebuild the new one
 * comes first: so whatever anybody was shown of the serving one is in the new one when readers turn to it.
 */
export function writtenGenerations(
  generations: Generations,
  now: number,
): { readonly write: readonly (1 | 2)[] } | { readonly waitUntil: number } {
  const { serving, rebuild, switchAt } = generations;
  if (rebuild === undefined) return { write: [serving] };
  const idle = idleOf(generations);
  if (switchAt === undefined || now < switchAt - holdMilliseconds) return { write: [idle, serving] };
  const waitUntil = switchAt + holdMilliseconds;
  return now < waitUntil ? { waitUntil } : { write: [idle] };
}

/** Reads and moves the generations of one read model. Every move may be repeated; one that is not due changes nothing. */
export interface Control {
  read(): Promise<Generations>;
  /** Projections write both tables from now on, at the latest after `cacheMilliseconds`. False when another rebuild runs. */
  begin(rebuild: string): Promise<boolean>;
  /** Appoints the switch, unless it is appointed already; answers when it is. */
  appoint(rebuild: string, at: number): Promise<number>;
  /** After the switch: the new table serves, and there is no rebuild any more. */
  finish(rebuild: string): Promise<void>;
  /** Leaves the serving table as it is. False when the switch was appointed before. */
  abandon(rebuild: string): Promise<boolean>;
  /** Takes or prolongs the right to work at the rebuild. */
  lease(owner: string, now: number, until: number): Promise<boolean>;
  release(owner: string): Promise<void>;
}

export function createControl(client: DynamoDBDocumentClient, firstTable: string): Control {
  const key = { TableName: firstTable, Key: { k: controlKey } };

  async function read(): Promise<Generations> {
    const { Item: item } = await client.send(new GetCommand({ ...key, ConsistentRead: true }));
    return generationsIn(item);
  }

  async function move(
    update: string,
    condition: string,
    values: Readonly<Record<string, unknown>>,
  ): Promise<boolean> {
    try {
      await client.send(
        new UpdateCommand({
          ...key,
          UpdateExpression: update,
          ConditionExpression: condition,
          ExpressionAttributeValues: values,
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }

  return {
    read,
    begin: (rebuild) => move('SET b = :b', 'attribute_not_exists(b) OR b = :b', { ':b': rebuild }),
    async appoint(rebuild, at) {
      const values = { ':b': rebuild, ':a': at };
      if (await move('SET a = :a', 'b = :b AND attribute_not_exists(a)', values)) return at;
      const standing = await read();
      if (standing.rebuild === rebuild && standing.switchAt !== undefined) return standing.switchAt;
      throw new Error('The rebuild is not the one that runs, so it cannot appoint the switch.');
    },
    async finish(rebuild) {
      const standing = await read();
      if (standing.rebuild !== rebuild || standing.switchAt === undefined) return;
      const values = { ':b': rebuild, ':a': standing.switchAt, ':g': idleOf(standing) };
      await move('SET g = :g REMOVE a, b', 'b = :b AND a = :a', values);
    },
    async abandon(rebuild) {
      await move('REMOVE b', 'b = :b AND attribute_not_exists(a)', { ':b': rebuild });
      return (await read()).rebuild !== rebuild;
    },
    lease: (owner, now, until) =>
      move('SET w = :w, u = :u', 'attribute_not_exists(u) OR u < :now OR w = :w', {
        ':w': owner,
        ':u': until,
        ':now': now,
      }),
    async release(owner) {
      await move('REMOVE w, u', 'w = :w', { ':w': owner });
    },
  };
}

function generationsIn(item: Readonly<Record<string, unknown>> | undefined): Generations {
  const rebuild = item?.['b'];
  const switchAt = item?.['a'];
  return {
    serving: item?.['g'] === 2 ? 2 : 1,
    ...(typeof rebuild === 'string' ? { rebuild } : {}),
    ...(typeof switchAt === 'number' ? { switchAt } : {}),
  };
}
