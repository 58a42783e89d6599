import { FieldError } from '../errors.ts';
import type { EvaluationResult } from '../javascript/runtime.ts';
import type { Resolver, Step } from '../model.ts';
import type { Engine, Execution } from './engine.ts';
import { invokeFunction } from './lambda-source.ts';
import type { ResolverContext } from './resolver-context.ts';

/** One resolver at work. */
interface Run {
  readonly engine: Engine;
  readonly execution: Execution;
  readonly path: readonly (string | number)[];
}

/** What a step said: the value, and where it goes on when it returned early. */
interface Outcome {
  readonly value: unknown;
  readonly returned?: EvaluationResult['returned'];
}

/**
 * Runs a resolver to its value. Who returns early skips the data source and the response of that step; a pipeline's own
 * request skips its functions. https://docs.aws.amazon.com/appsync/latest/devguide/runtime-utils-js.html
 * Throws `FieldError`.
 */
export async function resolve(run: Run, resolver: Resolver, context: ResolverContext): Promise<unknown> {
  if (!resolver.pipeline) return (await perform(run, resolver, context)).value;
  const code = resolver.code ?? '';
  const before = await evaluate(run, code, 'request', context);
  let prev = before.value;
  for (const id of before.returned ? [] : resolver.pipeline) {
    const step = run.engine.registry.functions.get(`${resolver.apiId}-${id}`);
    if (!step) throw new FieldError('BadRequestException', `The function ${id} does not exist.`);
    const outcome = await perform(run, step, { ...context, prev: { result: prev } });
    prev = outcome.value;
    if (outcome.returned === 'END') break;
  }
  return (await answerOf(run, code, { ...context, prev: { result: prev }, result: prev })).value;
}

/** Asks one data source: with what `request` says, or, without code, with the whole context. */
async function perform(run: Run, step: Step, context: ResolverContext): Promise<Outcome> {
  const { api } = run.execution;
  const source = run.engine.registry.dataSource(api.id, step.dataSource ?? '');
  if (!source)
    throw new FieldError('BadRequestException', `The data source ${step.dataSource} does not exist.`);
  const { traceHeader } = run.execution;
  if (step.code === undefined) {
    if (!source.lambda)
      throw new FieldError('BadRequestException', `The resolver of ${source.name} has no code.`);
    return { value: await invokeFunction(run.engine, source.lambda, context, { traceHeader, event: false }) };
  }
  const asked = await evaluate(run, step.code, 'request', context);
  if (asked.returned) return asked;
  const said = (asked.value ?? {}) as Record<string, unknown>;
  if (!source.lambda) return answerOf(run, step.code, { ...context, result: said['payload'] ?? null });
  if (said['operation'] !== 'Invoke')
    throw new FieldError(
      'Code',
      `The operation ${JSON.stringify(said['operation'])} is not supported by the local cloud.`,
    );
  const event = said['invocationType'] === 'Event';
  try {
    const result = await invokeFunction(run.engine, source.lambda, said['payload'] ?? null, {
      traceHeader,
      event,
    });
    return await answerOf(run, step.code, { ...context, result });
  } catch (error) {
    // The response function gets to know what the data source said, and decides.
    if (!(error instanceof FieldError) || !error.errorType?.startsWith('Lambda:')) throw error;
    const told = { type: error.errorType, message: error.message };
    return answerOf(run, step.code, { ...context, result: null, error: told });
  }
}

async function answerOf(run: Run, code: string, context: object): Promise<Outcome> {
  return evaluate(run, code, 'response', context as ResolverContext);
}

async function evaluate(
  { engine, execution, path }: Run,
  code: string,
  handler: 'request' | 'response',
  context: ResolverContext,
): Promise<Outcome> {
  const evaluated: EvaluationResult = await engine.javascript.evaluate(code, handler, {
    ...context,
    args: context.arguments,
    authType: execution.requester.type,
  });
  Object.assign(context.stash, evaluated.stash);
  for (const name of Object.keys(context.stash))
    if (!Object.hasOwn(evaluated.stash, name)) delete context.stash[name];
  if (evaluated.subscriptionFilter) execution.subscriptionFilter = evaluated.subscriptionFilter;
  for (const { message, type, data, info } of evaluated.appended)
    execution.appended.push({ path, data, errorType: type, errorInfo: info, locations: null, message });
  if (evaluated.error) {
    const { message, type, data, info } = evaluated.error;
    throw new FieldError(type, message, data, info);
  }
  return { value: evaluated.value, returned: evaluated.returned };
}
