import type { Wanted } from './access.ts';

/**
 * What it takes to hand roles to a service that is then to act as them: `iam:PassRole` on each, where the condition key
 * `iam:PassedToService` is the service, for example `lambda.amazonaws.com`. What is no text is no role, and says so later.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
 */
export function passRole(service: string, ...roleArns: readonly unknown[]): readonly Wanted[] {
  const given = new Set(roleArns.filter((each): each is string => typeof each === 'string' && each !== ''));
  return [...given].map((resource) => ({
    action: 'iam:PassRole',
    resource,
    context: { 'iam:PassedToService': service },
  }));
}
