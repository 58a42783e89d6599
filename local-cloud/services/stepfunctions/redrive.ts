import { AwsError } from '../../core/errors.ts';
import type { ExecutionRecord } from './execution-record.ts';

/** After so long AWS redrives an execution no more. */
const redrivablePeriod = 14 * 86_400_000;

/** Why an execution cannot be redriven; undefined when it can. */
export function redriveProblem({ status, stoppedAt = 0 }: ExecutionRecord, now: number): string | undefined {
  if (status === 'RUNNING' || status === 'SUCCEEDED') return `Execution is ${status} and cannot be redriven`;
  return stoppedAt < now - redrivablePeriod
    ? 'Execution cannot be redriven as it has exceeded the redrivable period of 14 days'
    : undefined;
}

/** The execution as it is begun again. Throws `ExecutionNotRedrivable`. */
export function redriven(before: ExecutionRecord, now: number): ExecutionRecord {
  const problem = redriveProblem(before, now);
  if (problem !== undefined) throw new AwsError('ExecutionNotRedrivable', problem);
  const { stoppedAt: _, error: __, cause: ___, ...rest } = before;
  const redriveCount = (before.redriveCount ?? 0) + 1;
  return { ...rest, status: 'RUNNING', redriveCount, redrivenAt: now };
}
