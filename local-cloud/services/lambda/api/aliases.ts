import { AwsError } from '../../../core/errors.ts';
import type { Alias, AliasSettings } from '../aliases.ts';
import type { DeployedFunction } from '../function-registry.ts';
import {
  type ApiOperation,
  type ApiParts,
  json,
  nothing,
  objectOf,
  pageOf,
  requiredText,
  textOf,
} from './call.ts';

export const aliasOperations: Record<string, ApiOperation> = {
  async CreateAlias(parts, { target, input }) {
    const { deployed } = parts.registry.get(target);
    const name = requiredText(input, 'Name');
    if (deployed.aliases.get(name)) {
      const arn = `${deployed.configuration.arn}:${name}`;
      throw new AwsError('ResourceConflictException', `Alias already exists: ${arn}`, 409);
    }
    const settings = {
      name,
      functionVersion: requiredText(input, 'FunctionVersion'),
      description: textOf(input, 'Description') ?? '',
      weights: weightsOf(input['RoutingConfig']) ?? {},
    };
    return json(describe(deployed, await put(parts, deployed, settings)), 201);
  },

  async UpdateAlias(parts, { target, part, input }) {
    const { deployed } = parts.registry.get(target);
    const standing = aliasOf(deployed, part);
    const revision = textOf(input, 'RevisionId');
    if (revision && revision !== standing.revisionId) {
      throw new AwsError(
        'PreconditionFailedException',
        'The Revision Id provided does not match the latest Revision Id. Call the GetAlias API to retrieve the latest Revision Id',
        412,
      );
    }
    const settings = {
      name: part,
      functionVersion: textOf(input, 'FunctionVersion') ?? standing.functionVersion,
      description: textOf(input, 'Description') ?? standing.description,
      weights: weightsOf(input['RoutingConfig']) ?? standing.weights,
    };
    return json(describe(deployed, await put(parts, deployed, settings)));
  },

  GetAlias({ registry }, { target, part }) {
    const { deployed } = registry.get(target);
    return json(describe(deployed, aliasOf(deployed, part)));
  },

  ListAliases({ registry }, { request, target }) {
    const { deployed } = registry.get(target);
    const version = request.query.get('FunctionVersion');
    const all = deployed.aliases.all().filter((alias) => !version || alias.functionVersion === version);
    const { page, NextMarker } = pageOf(request, all);
    return json({ Aliases: page.map((alias) => describe(deployed, alias)), NextMarker });
  },

  async DeleteAlias({ registry }, { target, part }) {
    const { deployed } = registry.get(target);
    await deployed.aliases.remove(part);
    registry.provisionAgain(deployed);
    return nothing;
  },
};

async function put(
  { registry }: ApiParts,
  deployed: DeployedFunction,
  settings: AliasSettings,
): Promise<Alias> {
  for (const version of [settings.functionVersion, ...Object.keys(settings.weights)])
    registry.versionOf(deployed, version);
  const alias = await deployed.aliases.put(settings);
  registry.provisionAgain(deployed);
  return alias;
}

function aliasOf({ aliases, configuration }: DeployedFunction, name: string): Alias {
  const alias = aliases.get(name);
  if (alias) return alias;
  throw new AwsError('ResourceNotFoundException', `Cannot find alias arn: ${configuration.arn}:${name}`, 404);
}

/** Undefined where the request says nothing of them. */
function weightsOf(routing: unknown): Record<string, number> | undefined {
  if (routing === undefined || routing === null) return undefined;
  const weights = objectOf(objectOf(routing)['AdditionalVersionWeights']);
  return Object.fromEntries(Object.entries(weights).map(([version, weight]) => [version, Number(weight)]));
}

function describe({ configuration }: DeployedFunction, alias: Alias): object {
  return {
    AliasArn: `${configuration.arn}:${alias.name}`,
    Name: alias.name,
    FunctionVersion: alias.functionVersion,
    Description: alias.description,
    ...(Object.keys(alias.weights).length > 0
      ? { RoutingConfig: { AdditionalVersionWeights: alias.weights } }
      : {}),
    RevisionId: alias.revisionId,
  };
}
