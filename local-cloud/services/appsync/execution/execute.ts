import { type ExecutionResult, execute as executeDocument } from 'graphql';
import type { Answer, Engine, Execution } from './engine.ts';
import { fieldResolver } from './fields.ts';
import { within } from './lambda-source.ts';
import type { GraphqlRequest, Prepared } from './prepare.ts';
import { requestFailure, writeError } from './write-error.ts';

/** A request as a whole takes no longer, in milliseconds. */
const patience = 30_000;

/** Executes a query or a mutation. */
export async function execute(
  engine: Engine,
  execution: Execution,
  { schema, document, operation }: Exclude<Prepared, { errors: unknown }>,
  { variables }: GraphqlRequest,
): Promise<Answer> {
  const result = await within(
    patience,
    Promise.resolve(
      executeDocument({
        schema,
        document,
        rootValue: {},
        contextValue: execution,
        variableValues: variables,
        ...(operation.name && { operationName: operation.name.value }),
        fieldResolver: fieldResolver(engine),
      }),
    ),
  );
  if (!result) return { data: null, errors: [requestFailure('ExecutionTimeout', 'Execution timed out.')] };
  return answerOf(result, execution);
}

/** The result as AppSync writes it. */
export function answerOf(result: ExecutionResult, { appended }: Execution): Answer {
  const errors = [...(result.errors ?? []).map(writeError), ...appended];
  const data = (result.data ?? null) as Answer['data'];
  return errors.length > 0 ? { data, errors } : { data };
}
