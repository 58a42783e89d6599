import type { Wanted } from '../../core/access.ts';
import { bareName } from './names.ts';

type Input = Record<string, unknown>;

/**
 * What an operation has to be allowed to do; `prefix` is `arn:aws:ssm:<region>:<account>:parameter`.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html
 */
export function wantedOfParameters(operation: string, input: Input, prefix: string): readonly Wanted[] {
  const action = `ssm:${operation}`;
  const arnOf = (given: unknown) => {
    const name = bareName(String(given)).replace(/:[^:]*$/u, '');
    return `${prefix}${name.startsWith('/') ? '' : '/'}${name}`;
  };
  const names: unknown[] = Array.isArray(input['Names']) ? input['Names'] : [];
  if (names.length > 0) return [...new Set(names.map(arnOf))].map((resource) => ({ action, resource }));
  const given = input['Name'] ?? input['Path'] ?? input['ResourceId'];
  if (given === undefined || operation === 'DescribeParameters') return [{ action, resource: '*' }];
  const context: Record<string, string> = {};
  if (operation === 'PutParameter') context['ssm:Overwrite'] = String(input['Overwrite'] === true);
  if (operation === 'GetParametersByPath') context['ssm:Recursive'] = String(input['Recursive'] === true);
  return [{ action, resource: arnOf(given), context }];
}
