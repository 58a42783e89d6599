import type { Invocation } from '../../../core/cloud.ts';

/** How a batch ended: done whole, or failed from one of its items on. */
export type BatchOutcome =
  | { kind: 'succeeded' }
  | { kind: 'failed'; failedIdentifiers: string[] | 'all'; invocation: Invocation };

/**
 * Reads a function's answer to a batch. Without `ReportBatchItemFailures` only an error fails it. With it the answer
 * names the failed items; an empty list, null or nothing is success, and a list that cannot be read, or names an item
 * that was not in the batch, fails all, as AWS documents.
 */
export function readBatchOutcome(
  invocation: Invocation,
  identifiers: readonly string[],
  reportsItemFailures: boolean,
): BatchOutcome {
  const failed = (failedIdentifiers: string[] | 'all'): BatchOutcome => ({
    kind: 'failed',
    failedIdentifiers,
    invocation,
  });
  if (invocation.functionError) return failed('all');
  if (!reportsItemFailures || !isObject(invocation.payload)) return { kind: 'succeeded' };
  const failures = invocation.payload['batchItemFailures'];
  if (failures === undefined || failures === null) return { kind: 'succeeded' };
  if (!Array.isArray(failures)) return failed('all');
  if (failures.length === 0) return { kind: 'succeeded' };
  const named = failures.map((failure: unknown) =>
    isObject(failure) ? failure['itemIdentifier'] : undefined,
  );
  const known = named.filter(
    (identifier): identifier is string => typeof identifier === 'string' && identifiers.includes(identifier),
  );
  return failed(known.length === named.length ? known : 'all');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
