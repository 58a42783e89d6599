import { AwsError } from '../../core/errors.ts';
import { type Condition, readConditions } from './conditions.ts';
import { type Fields, fieldsOf, malformed, texts } from './document.ts';
import { type Pattern, pattern } from './patterns.ts';

export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly Pattern[];
  /** The statement is about every action but these. */
  readonly notActions: readonly Pattern[] | undefined;
  readonly resources: readonly Pattern[];
  readonly notResources: readonly Pattern[] | undefined;
  /** Only in policies of resources and in trust policies; `undefined` in policies of roles. */
  readonly principals: Principals | undefined;
  readonly notPrincipals: Principals | undefined;
  readonly conditions: readonly Condition[];
}

/** By kind: `AWS`, `Service`, `Federated`, `CanonicalUser`. */
export type Principals = Readonly<Record<string, readonly string[]>>;

const statementFields = new Set([
  'Sid',
  'Effect',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Principal',
  'NotPrincipal',
  'Condition',
]);

/** Reads the JSON of a policy. Throws `MalformedPolicyDocument` for what AWS would refuse, or what is not known here. */
export function readPolicy(document: unknown): Statement[] {
  const policy = parse(document);
  const given = policy['Statement'];
  if (given === undefined) throw malformed('it has no Statement');
  return (Array.isArray(given) ? given : [given]).map((each: unknown) => readStatement(fieldsOf(each)));
}

function parse(document: unknown): Fields {
  try {
    return fieldsOf(typeof document === 'string' ? JSON.parse(document) : document);
  } catch (error) {
    if (error instanceof AwsError) throw error;
    throw malformed('it is no JSON');
  }
}

function readStatement(statement: Fields): Statement {
  const unknown = Object.keys(statement).find((name) => !statementFields.has(name));
  if (unknown !== undefined) throw malformed(`a statement has the unknown field ${unknown}`);
  const effect = statement['Effect'];
  if (effect !== 'Allow' && effect !== 'Deny') throw malformed('an Effect is neither Allow nor Deny');
  if (statement['Action'] === undefined && statement['NotAction'] === undefined)
    throw malformed('a statement has neither Action nor NotAction');
  const actions = (value: unknown) => texts(value).map((text) => pattern(text, true));
  const resources = (value: unknown) => texts(value).map((text) => pattern(text, false));
  return {
    effect,
    actions: actions(statement['Action']),
    notActions: statement['NotAction'] === undefined ? undefined : actions(statement['NotAction']),
    resources: resources(statement['Resource']),
    notResources: statement['NotResource'] === undefined ? undefined : resources(statement['NotResource']),
    principals: readPrincipals(statement['Principal']),
    notPrincipals: readPrincipals(statement['NotPrincipal']),
    conditions: readConditions(statement['Condition']),
  };
}

function readPrincipals(value: unknown): Principals | undefined {
  if (value === undefined) return undefined;
  if (value === '*') return { AWS: ['*'], Service: ['*'] };
  return Object.fromEntries(Object.entries(fieldsOf(value)).map(([kind, names]) => [kind, texts(names)]));
}
