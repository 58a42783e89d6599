import type { Wanted } from '../../core/access.ts';
import { passRole } from '../../core/pass-role.ts';

type Input = Record<string, unknown>;

/**
 * What an operation of CloudWatch Logs has to be allowed to do. Its resource is always a stream, with an empty name where
 * the operation is about groups: so policies end in `:*`. `prefix` is `arn:aws:logs:<region>:<account>:log-group:`.
 */
export function wantedOfLogs(operation: string, input: Input, prefix: string): readonly Wanted[] {
  const action = `logs:${operation}`;
  const stream = input['logStreamName'] ?? '';
  const groups = [
    input['logGroupName'],
    ...list(input['logGroupNames']),
    ...list(input['logGroupIdentifiers']),
  ]
    .filter((name) => name !== undefined)
    .map((name) =>
      String(name)
        .replace(/^arn:aws:logs:[^:]*:[^:]*:log-group:/u, '')
        .replace(/:\*$/u, ''),
    );
  if (input['resourceArn'] !== undefined) return [{ action, resource: String(input['resourceArn']) }];
  const about = groups.length > 0 ? groups : [''];
  const passed =
    operation === 'PutSubscriptionFilter' ? passRole('logs.amazonaws.com', input['roleArn']) : [];
  return [
    ...about.map((group) => ({ action, resource: `${prefix}${group}:log-stream:${stream}` })),
    ...passed,
  ];
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
