import type { Caller, Wanted } from '../../core/access.ts';
import type { Context } from './conditions.ts';
import type { Pattern, Variables } from './patterns.ts';
import type { Principals, Statement } from './policy.ts';

/** What decided: an allowing or denying statement, or that there was none. */
export type Decision =
  | { readonly allowed: true; readonly by: Grant | undefined }
  | { readonly allowed: false; readonly reason: string };

/** A pair of patterns of a statement that allowed something: what a report counts. */
export interface Grant {
  readonly action: string;
  readonly resource: string;
}

export interface Policies {
  /** Of the caller's role; `undefined` when the caller is no role, or the role does not stand. */
  readonly identity: readonly Statement[] | undefined;
  /** Of the resource. */
  readonly resource: readonly Statement[];
}

/**
 * Decides as AWS does within one account: an explicit deny anywhere wins; else one allowing statement is enough, be it
 * of the role or of the resource.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function decide(caller: Caller, wanted: Wanted, policies: Policies, context: Context): Decision {
  const variables: Variables = (name) => {
    const value = context[name.toLowerCase()];
    return typeof value === 'string' ? value : undefined;
  };
  const applies = (statement: Statement) => grantOf(statement, wanted, context, variables);
  const ofResource = policies.resource.filter((statement) => namesCaller(statement, caller, context));
  const ofIdentity = policies.identity ?? [];
  const denies = (statement: Statement) => statement.effect === 'Deny' && applies(statement) !== undefined;
  if (ofIdentity.some(denies)) return denied('with an explicit deny in an identity-based policy');
  if (ofResource.some(denies)) return denied('with an explicit deny in a resource-based policy');
  if (caller.type === 'administrator') return { allowed: true, by: undefined };
  for (const statement of ofIdentity) {
    const grant = statement.effect === 'Allow' ? applies(statement) : undefined;
    if (grant) return { allowed: true, by: grant };
  }
  const isAllowed = ofResource.some((statement) => statement.effect === 'Allow' && applies(statement));
  if (isAllowed) return { allowed: true, by: undefined };
  const kind = caller.type === 'role' ? 'identity-based' : 'resource-based';
  return denied(`because no ${kind} policy allows the ${wanted.action} action`);
}

const denied = (reason: string): Decision => ({ allowed: false, reason });

/** The patterns by which a statement is about the request, or undefined when it is not. */
function grantOf(
  statement: Statement,
  wanted: Wanted,
  context: Context,
  variables: Variables,
): Grant | undefined {
  const action = about(statement.actions, statement.notActions, wanted.action, variables);
  if (action === undefined) return undefined;
  // A trust policy and a policy of a queue may leave the resource out: it is the one that they stand at.
  const isAtResource = statement.resources.length === 0 && statement.notResources === undefined;
  const resource = isAtResource
    ? '*'
    : about(statement.resources, statement.notResources, wanted.resource, variables);
  if (resource === undefined) return undefined;
  return statement.conditions.every((condition) => condition(context)) ? { action, resource } : undefined;
}

function about(
  patterns: readonly Pattern[],
  others: readonly Pattern[] | undefined,
  value: string,
  variables: Variables,
): string | undefined {
  if (others) return others.some((each) => each.matches(value, variables)) ? undefined : '*';
  return patterns.find((each) => each.matches(value, variables))?.text;
}

function namesCaller({ principals, notPrincipals }: Statement, caller: Caller, context: Context): boolean {
  if (notPrincipals) return !isNamed(notPrincipals, caller, context);
  return principals !== undefined && isNamed(principals, caller, context);
}

function isNamed(principals: Principals, caller: Caller, context: Context): boolean {
  const aws = principals['AWS'] ?? [];
  if (caller.type === 'anonymous') return aws.includes('*');
  if (caller.type === 'service')
    return (principals['Service'] ?? []).some((name) => name === caller.service || name === '*');
  const account = String(context['aws:principalaccount']);
  if (caller.type === 'administrator') {
    return aws.some((name) => name === '*' || name === account || name === `arn:aws:iam::${account}:root`);
  }
  // The account as a principal only lets the account's own policies decide, which they do anyway.
  return aws.some(
    (name) => name === '*' || name === caller.roleArn || name === context['aws:principalsession'],
  );
}
