import {
  type DocumentNode,
  execute,
  type GraphQLField,
  getArgumentValues,
  getVariableValues,
  type OperationDefinitionNode,
} from 'graphql';
import type { Requester } from '../authorization/requester.ts';
import { RequestError } from '../errors.ts';
import type { Answer, Engine, Execution } from '../execution/engine.ts';
import { answerOf } from '../execution/execute.ts';
import { fieldResolver, toldFieldResolver } from '../execution/fields.ts';
import { prepare, readRequest } from '../execution/prepare.ts';
import { requestFailure, writeError } from '../execution/write-error.ts';
import type { GraphqlApi } from '../model.ts';
import { mutationsOf } from '../schema/schema.ts';
import { type FilterGroup, passesArguments, passesGroup } from './filter.ts';
import type { Told } from './told.ts';

/** What somebody has asked to be told. */
export interface Subscription {
  readonly api: GraphqlApi;
  readonly requester: Requester;
  readonly field: string;
  readonly mutations: ReadonlySet<string>;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly given: Readonly<Record<string, unknown>>;
  /** What the resolver of the field has set stands in the place of the arguments. */
  readonly filter: FilterGroup | undefined;
  readonly since: number;
}

type Begun = { readonly subscription: Subscription } | { readonly errors: Answer['errors'] };

/** Begins a subscription: its field may be read, and the resolver of the field agrees. Throws `RequestError`. */
export async function begin(
  engine: Engine,
  api: GraphqlApi,
  requester: Requester,
  headers: Readonly<Record<string, string>>,
  data: string,
): Promise<Begun> {
  const request = readRequest(data);
  const prepared = prepare(api, request);
  if ('errors' in prepared) return prepared;
  const { schema, document, operation } = prepared;
  if (operation.operation !== 'subscription')
    throw new RequestError(
      400,
      'UnsupportedOperation',
      'Operation not supported through the realtime channel',
    );
  const { coerced, errors } = getVariableValues(
    schema,
    operation.variableDefinitions ?? [],
    request.variables,
  );
  if (errors) return { errors: errors.map(writeError) };
  const execution = executionOf(api, requester, headers);
  let root: { field: GraphQLField<unknown, unknown>; given: Record<string, unknown> } | undefined;
  const resolveField = fieldResolver(engine);
  const { errors: refused } = await execute({
    schema,
    document,
    rootValue: {},
    contextValue: execution,
    variableValues: request.variables,
    ...(operation.name && { operationName: operation.name.value }),
    async fieldResolver(source, args, context, info) {
      const field = info.parentType.getFields()[info.fieldName];
      const [node] = info.fieldNodes;
      if (field && node) root = { field, given: getArgumentValues(field, node, coerced) };
      await resolveField(source, args, context, info);
      // Nothing has happened yet of which there would be something to tell.
      throw new NothingToTell();
    },
  });
  const errorsOfField = (refused ?? []).filter(
    ({ originalError }) => !(originalError instanceof NothingToTell),
  );
  const faults = [...errorsOfField.map(writeError), ...execution.appended];
  if (faults.length > 0) return { errors: faults };
  if (!root)
    return { errors: [requestFailure('BadRequestException', 'The subscription asks for no field.')] };
  return {
    subscription: {
      api,
      requester,
      field: root.field.name,
      mutations: new Set(mutationsOf(root.field)),
      document,
      operation,
      variables: request.variables,
      given: root.given,
      filter: execution.subscriptionFilter,
      since: Date.now(),
    },
  };
}

class NothingToTell extends Error {}

/** What a subscription is told of a mutation, or undefined when it does not ask for that. */
export async function tell(
  { api, requester, field, mutations, filter, given, document, operation, variables }: Subscription,
  { mutation, result }: Told,
): Promise<Answer | undefined> {
  if (!api.schema || !mutations.has(mutation)) return undefined;
  if (!(filter ? passesGroup(filter, result) : passesArguments(given, result))) return undefined;
  const execution = executionOf(api, requester, {});
  const told = await execute({
    schema: api.schema,
    document,
    rootValue: { [field]: result },
    contextValue: execution,
    variableValues: variables,
    ...(operation.name && { operationName: operation.name.value }),
    fieldResolver: toldFieldResolver,
  });
  return answerOf(told, execution);
}

function executionOf(
  api: GraphqlApi,
  requester: Requester,
  headers: Readonly<Record<string, string>>,
): Execution {
  return {
    api,
    requester,
    headers,
    traceHeader: undefined,
    resolversRun: 0,
    appended: [],
    subscriptionFilter: undefined,
  };
}
