import { expect } from 'vitest';
import { type AwsClient, RefusedCall } from './clients/client.ts';
import type { ClientName } from './cloud.ts';

/** What a scenario is played with: a client, and the name its resources bear. */
export interface Stage {
  readonly name: ClientName;
  /** Opened before the first test. */
  readonly client: AwsClient;
}

/** For scenarios that need nothing of the stack. */
export type BareStage = Pick<Stage, 'client'> & { readonly name: string };

/** Longer counts are asked for with SKAFU_DEEP=1. */
export const deep = process.env['SKAFU_DEEP'] === '1';

interface Refusal {
  /** As clients show it. */
  code: string;
  /** Class of the exception; the code's own when absent. */
  exception?: string;
  status?: number;
  /** The service's model has no class for it. */
  unmodeled?: boolean;
}

/**
 * The code that the client shows, or the class that it throws, is one of AWS's for this refusal: services that once
 * spoke the query protocol have two names for an error, and clients differ in which one they show.
 */
export async function expectRefusal(
  call: Promise<unknown>,
  { code, exception = code, status, unmodeled }: Refusal,
): Promise<RefusedCall> {
  const refused = await call.then(
    (answer) => expect.fail(`It was answered ${JSON.stringify(answer)}`),
    (error: unknown) => error,
  );
  if (!(refused instanceof RefusedCall)) throw refused;
  expect(refused.code).toBe(code);
  if (refused.exception !== undefined && !unmodeled) expect(refused.exception).toBe(exception);
  if (status !== undefined && refused.status !== undefined) expect(refused.status).toBe(status);
  return refused;
}
