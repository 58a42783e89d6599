import { AwsError } from '../../../core/errors.ts';
import { FieldError } from '../errors.ts';
import type { DataSource } from '../model.ts';
import type { Engine } from './engine.ts';

/** AppSync waits that long for a function, in milliseconds. */
const patience = 30_000;

/** Calls the function of a data source as the role of that source. Throws `FieldError` as AppSync names it. */
export async function invokeFunction(
  { cloud }: Engine,
  { functionArn, roleArn }: NonNullable<DataSource['lambda']>,
  payload: unknown,
  options: { traceHeader: string | undefined; event: boolean },
): Promise<unknown> {
  const trace = options.traceHeader === undefined ? {} : { traceHeader: options.traceHeader };
  try {
    cloud.ports.access.requireTrust(roleArn, 'appsync.amazonaws.com');
    cloud.ports.access.require(
      { type: 'role', roleArn, session: 'APPSYNC_ASSUME_ROLE' },
      { action: 'lambda:InvokeFunction', resource: functionArn },
    );
    if (options.event) {
      await cloud.ports.functions.enqueue(functionArn, payload, trace);
      return null;
    }
    const result = await within(patience, cloud.ports.functions.invoke(functionArn, payload, trace));
    if (result === undefined)
      throw new FieldError('Lambda:ExecutionTimeoutException', 'Execution timed out.');
    if (result.functionError === undefined) return result.payload ?? null;
    const { errorMessage } = (result.payload ?? {}) as { errorMessage?: unknown };
    throw new FieldError(`Lambda:${result.functionError}`, String(errorMessage ?? 'The function failed.'));
  } catch (error) {
    throw error instanceof AwsError ? new FieldError(`Lambda:${error.code}`, error.message) : error;
  }
}

/** What is promised, or undefined when it took too long; then nobody waits for it any more. */
export async function within<T>(milliseconds: number, promised: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, milliseconds, undefined);
  });
  promised.catch(() => undefined);
  try {
    return await Promise.race([promised, over]);
  } finally {
    clearTimeout(timer);
  }
}
