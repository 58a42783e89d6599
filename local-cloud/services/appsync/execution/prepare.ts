import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  NoSchemaIntrospectionCustomRule,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
  specifiedRules,
  validate,
} from 'graphql';
import { RequestError } from '../errors.ts';
import type { GraphqlApi } from '../model.ts';
import type { WrittenError } from './engine.ts';
import { requestFailure, validationFailure } from './write-error.ts';

/** A GraphQL request as it is posted, or as a subscription sends it. */
export interface GraphqlRequest {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName: string | undefined;
}

/** A document that may be executed, or what is wrong with it. */
export type Prepared =
  | {
      readonly schema: GraphQLSchema;
      readonly document: DocumentNode;
      readonly operation: OperationDefinitionNode;
    }
  | { readonly errors: WrittenError[] };

const mostTokens = 15_000;

/** Reads what was posted. Throws `RequestError` (400) where it is no GraphQL request. */
export function readRequest(text: string): GraphqlRequest {
  const malformed = (message: string) => new RequestError(400, 'MalformedHttpRequestException', message);
  let posted: unknown;
  try {
    posted = JSON.parse(text);
  } catch {
    throw malformed('Request body is not a valid JSON document.');
  }
  if (typeof posted !== 'object' || posted === null || Array.isArray(posted))
    throw malformed('Request body must be an object.');
  const { query, variables, operationName } = posted as Record<string, unknown>;
  if (typeof query !== 'string' || query === '') throw malformed('Unable to parse GraphQL query.');
  if (
    variables !== undefined &&
    variables !== null &&
    (typeof variables !== 'object' || Array.isArray(variables))
  )
    throw malformed('The variables must be an object.');
  return {
    query,
    variables: (variables ?? {}) as Record<string, unknown>,
    operationName: typeof operationName === 'string' && operationName !== '' ? operationName : undefined,
  };
}

/** Parses and checks a request against the schema and the limits of an API. Throws `RequestError` (400). */
export function prepare(api: GraphqlApi, { query, operationName }: GraphqlRequest): Prepared {
  const { schema } = api;
  if (!schema) throw new RequestError(400, 'GraphQLSchemaException', `The API ${api.name} has no schema.`);
  const document = parsed(query);
  const rules = api.introspection ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule];
  const faults = validate(schema, document, rules);
  if (faults.length > 0) return { errors: faults.map(validationFailure) };
  const operation = getOperationAST(document, operationName);
  if (!operation) {
    const message = operationName
      ? `Unknown operation named "${operationName}".`
      : 'Must provide operation name if query contains multiple operations.';
    return { errors: [requestFailure('BadRequestException', message)] };
  }
  if (api.depthLimit > 0 && depthOf(document, operation.selectionSet) > api.depthLimit) {
    const message = `The query is deeper than the limit of ${api.depthLimit}.`;
    return { errors: [requestFailure('QueryDepthLimitReached', message)] };
  }
  return { schema, document, operation };
}

function parsed(query: string): DocumentNode {
  try {
    return parse(query, { maxTokens: mostTokens });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    throw new RequestError(
      400,
      'MalformedHttpRequestException',
      `Unable to parse GraphQL query. ${error.message}`,
    );
  }
}

/** How deep fields are nested; a document that is valid has no fragment within itself. */
function depthOf(document: DocumentNode, selectionSet: SelectionSetNode | undefined): number {
  const depths = (selectionSet?.selections ?? []).map((selection): number => {
    if (selection.kind === 'Field') return 1 + depthOf(document, selection.selectionSet);
    if (selection.kind === 'InlineFragment') return depthOf(document, selection.selectionSet);
    const fragment = document.definitions.find(
      (each) => each.kind === 'FragmentDefinition' && each.name.value === selection.name.value,
    );
    return fragment && 'selectionSet' in fragment ? depthOf(document, fragment.selectionSet) : 0;
  });
  return Math.max(0, ...depths);
}
