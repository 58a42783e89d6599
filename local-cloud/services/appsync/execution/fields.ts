import type { GraphQLFieldResolver, GraphQLResolveInfo } from 'graphql';
import { AwsError } from '../../../core/errors.ts';
import { notAuthorized, requireField } from '../authorization/field-rules.ts';
import { FieldError } from '../errors.ts';
import type { Engine, Execution } from './engine.ts';
import { resolve } from './resolve.ts';
import { contextOf } from './resolver-context.ts';

/** How every field of a schema gets its value: who asks may read it, then its resolver, or else what its parent holds. */
export function fieldResolver(engine: Engine): GraphQLFieldResolver<unknown, Execution> {
  return (source, args, execution, info) => {
    const field = info.parentType.getFields()[info.fieldName];
    if (field) requireField(execution.api, execution.requester, info.parentType, field);
    const isRoot = info.path.prev === undefined;
    if (!isRoot && !resolverOf(engine, execution, info)) return propertyOf(source, info.fieldName);
    return resolved(engine, source, args, execution, info, isRoot);
  };
}

/** What is told to subscribers has its values already: nobody is asked again. */
export const toldFieldResolver: GraphQLFieldResolver<unknown, Execution> = (
  source,
  _args,
  execution,
  info,
) => {
  const field = info.parentType.getFields()[info.fieldName];
  if (field) requireField(execution.api, execution.requester, info.parentType, field);
  return propertyOf(source, info.fieldName);
};

async function resolved(
  engine: Engine,
  source: unknown,
  args: unknown,
  execution: Execution,
  info: GraphQLResolveInfo,
  isRoot: boolean,
): Promise<unknown> {
  if (isRoot) await admit(engine, execution, info);
  const resolver = resolverOf(engine, execution, info);
  if (!resolver) return propertyOf(source, info.fieldName);
  execution.resolversRun += 1;
  const { resolverLimit } = execution.api;
  if (resolverLimit > 0 && execution.resolversRun > resolverLimit)
    throw new FieldError(
      'ResolverExecutionLimitReached',
      `The limit of ${resolverLimit} resolvers is reached.`,
    );
  const run = { engine, execution, path: pathOf(info) };
  return resolve(run, resolver, contextOf(execution, source, args, info));
}

/** Who signs needs leave for each field of the operation; faults strike there, too. */
async function admit(
  { cloud }: Engine,
  { api, requester }: Execution,
  info: GraphQLResolveInfo,
): Promise<void> {
  const typeName = info.parentType.name;
  const resource = `${api.arn}/types/${typeName}/fields/${info.fieldName}`;
  const action = 'appsync:GraphQL';
  if (requester.type === 'AWS_IAM') {
    try {
      cloud.ports.access.require(requester.caller, { action, resource });
    } catch (error) {
      throw error instanceof AwsError ? notAuthorized(typeName, info.fieldName) : error;
    }
  }
  await cloud.faults.strike(action, resource);
}

const resolverOf = ({ registry }: Engine, { api }: Execution, info: GraphQLResolveInfo) =>
  registry.resolver(api.id, info.parentType.name, info.fieldName);

function propertyOf(source: unknown, name: string): unknown {
  if (typeof source !== 'object' || source === null || !Object.hasOwn(source, name)) return undefined;
  return (source as Record<string, unknown>)[name];
}

function pathOf({ path }: GraphQLResolveInfo): (string | number)[] {
  const keys: (string | number)[] = [];
  for (let at: GraphQLResolveInfo['path'] | undefined = path; at; at = at.prev) keys.unshift(at.key);
  return keys;
}
