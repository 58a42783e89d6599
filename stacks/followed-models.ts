import type { FollowedModel } from '#shared/definition/definitions.ts';
import type { Domain } from '#shared/definition/domain.ts';
import { tablesOf } from '#shared/read-models/rebuild/generations.ts';
import { readModelPath, readModelTable } from './names.ts';
import type { Environment } from './settings.ts';

/** Every read model there is, for functions that look at all of them. */
export function followedModels(environment: Environment, domains: readonly Domain[]): FollowedModel[] {
  return domains.flatMap(({ name: domain, readModels }) =>
    Object.entries(readModels).map(([model, { follows }]) => ({
      name: readModelPath(domain, model),
      follows: typeof follows === 'string' ? follows : follows.map(({ type }) => type),
      table: readModelTable(environment, domain, model),
    })),
  );
}

/** Both tables of each of these models. */
export function tableArns(
  stack: { arn(service: string, resource: string): string },
  models: readonly FollowedModel[],
): string[] {
  return models.flatMap(({ table }) => tablesOf(table).map((name) => stack.arn('dynamodb', `table/${name}`)));
}
