import type { ConstDirectiveNode, GraphQLField, GraphQLObjectType } from 'graphql';
import { FieldError } from '../errors.ts';
import type { GraphqlApi } from '../model.ts';
import type { Requester } from './requester.ts';

interface Rule {
  readonly directive: string;
  readonly groups: readonly string[] | undefined;
}

const authorizing = new Set([
  'aws_iam',
  'aws_cognito_user_pools',
  'aws_auth',
  'aws_api_key',
  'aws_oidc',
  'aws_lambda',
]);

/**
 * Throws `Unauthorized` unless a field may be read: its own directives say so, or else those of its type, or else the
 * default authentication of the API. https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html
 */
export function requireField(
  api: GraphqlApi,
  requester: Requester,
  parent: GraphQLObjectType,
  field: GraphQLField<unknown, unknown>,
): void {
  if (isAllowed(api, requester, rulesOf(parent, field))) return;
  throw notAuthorized(parent.name, field.name);
}

export const notAuthorized = (typeName: string, fieldName: string) =>
  new FieldError('Unauthorized', `Not Authorized to access ${fieldName} on type ${typeName}`);

const known = new WeakMap<GraphQLField<unknown, unknown>, readonly Rule[]>();

function rulesOf(parent: GraphQLObjectType, field: GraphQLField<unknown, unknown>): readonly Rule[] {
  const remembered = known.get(field);
  if (remembered) return remembered;
  const own = read(field.astNode?.directives ?? []);
  const ofType = [parent.astNode, ...parent.extensionASTNodes].flatMap((node) => node?.directives ?? []);
  const rules = own.length > 0 ? own : read(ofType);
  known.set(field, rules);
  return rules;
}

function read(directives: readonly ConstDirectiveNode[]): Rule[] {
  return directives
    .filter(({ name }) => authorizing.has(name.value))
    .map(({ name, arguments: given = [] }) => {
      const value = given.find((argument) => argument.name.value === 'cognito_groups')?.value;
      const nodes = value?.kind === 'ListValue' ? value.values : value ? [value] : undefined;
      const groups = nodes?.flatMap((node) => (node.kind === 'StringValue' ? [node.value] : []));
      return { directive: name.value, groups };
    });
}

function isAllowed(api: GraphqlApi, requester: Requester, rules: readonly Rule[]): boolean {
  if (rules.length === 0) return isDefault(api, requester);
  return rules.some(({ directive, groups }) => {
    switch (directive) {
      case 'aws_iam':
        return requester.type === 'AWS_IAM';
      case 'aws_api_key':
        return requester.type === 'API_KEY';
      case 'aws_auth':
      case 'aws_cognito_user_pools':
        if (requester.type !== 'AMAZON_COGNITO_USER_POOLS') return false;
        return groups === undefined || groups.some((group) => requester.groups.includes(group));
      default:
        return false;
    }
  });
}

function isDefault(api: GraphqlApi, requester: Requester): boolean {
  if (requester.type !== api.authenticationType) return false;
  if (requester.type !== 'AMAZON_COGNITO_USER_POOLS') return true;
  return requester.pool.poolId === api.userPools[0]?.poolId && requester.pool.defaultAction === 'ALLOW';
}
