import type { Cloud } from '../../core/cloud.ts';
import { AwsError } from '../../core/errors.ts';
import { type FunctionConfiguration, roleOf } from './configuration.ts';
import type { LogEntry } from './execution-environment.ts';

/**
 * Writes what a function logs as its role. As on AWS, a function whose role may not write logs works and has none; here
 * the local cloud's own log says so. A stream that was once allowed stays so.
 */
export function createLogWriter(cloud: Cloud, configuration: FunctionConfiguration) {
  const allowed = new Map<string, boolean>();
  const prefix = `arn:aws:logs:${cloud.region}:${cloud.accountId}:log-group:${configuration.logGroup}:log-stream:`;

  function isAllowed(stream: string): boolean {
    try {
      const resource = prefix + stream;
      const actions = ['logs:CreateLogStream', 'logs:PutLogEvents'];
      cloud.ports.access.require(roleOf(configuration), ...actions.map((action) => ({ action, resource })));
      return true;
    } catch (error) {
      if (error instanceof AwsError) return false;
      throw error;
    }
  }

  return (stream: string, entries: LogEntry[]): void => {
    const known = allowed.get(stream) ?? isAllowed(stream);
    allowed.set(stream, known);
    if (known) cloud.ports.logs.write(configuration.logGroup, stream, entries);
  };
}
