import { accountConcurrency } from '../concurrency.ts';
import { type ApiCall, type ApiOperation, type ApiParts, json, nothing, pageOf } from './call.ts';
import { describeFunction } from './description.ts';

/** What reads functions, and removes one. */
export const functionOperations: Record<string, ApiOperation> = {
  ListFunctions({ registry }, { request }) {
    const withVersions = request.query.get('FunctionVersion') === 'ALL';
    const all = registry.all().flatMap((deployed) => {
      if (!withVersions) return [describeFunction(deployed.configuration)];
      return [deployed, ...deployed.versions.all()].map(({ configuration }) =>
        describeFunction(configuration, configuration.version),
      );
    });
    const { page, NextMarker } = pageOf(request, all);
    return json({ Functions: page, NextMarker });
  },

  GetFunction(parts, call) {
    const { deployed, configuration, qualifier } = named(parts, call);
    const reserved = deployed.reservedConcurrency;
    return json({
      Configuration: describeFunction(configuration, qualifier),
      Code: { RepositoryType: 'S3', Location: `file://${configuration.codeFolder}` },
      Tags: parts.tags.of(configuration.name),
      ...(reserved === undefined ? {} : { Concurrency: { ReservedConcurrentExecutions: reserved } }),
    });
  },

  GetFunctionConfiguration(parts, call) {
    const { configuration, qualifier } = named(parts, call);
    return json(describeFunction(configuration, qualifier));
  },

  /** No function here wants its code signed, which AWS says in this way. */
  GetFunctionCodeSigningConfig(parts, call) {
    const { configuration } = named(parts, call);
    return json({ CodeSigningConfigArn: '', FunctionName: configuration.name });
  },

  async DeleteFunction({ registry, made, permissions, tags }, { target }) {
    const { deployed, qualifier } = registry.get(target);
    if (qualifier !== undefined) {
      await registry.removeVersion(deployed, qualifier);
      return nothing;
    }
    const { name } = deployed.configuration;
    await made.forget(name);
    await registry.remove(name);
    permissions.forget(name);
    tags.forget(name);
    return nothing;
  },

  GetAccountSettings({ registry }) {
    const all = registry.all();
    const versions = all.flatMap((deployed) => [deployed, ...deployed.versions.all()]);
    return json({
      AccountLimit: {
        TotalCodeSize: 80_530_636_800,
        CodeSizeUnzipped: 262_144_000,
        CodeSizeZipped: 52_428_800,
        ConcurrentExecutions: accountConcurrency,
        UnreservedConcurrentExecutions: registry.concurrency.unreservedLimit(),
      },
      AccountUsage: {
        TotalCodeSize: versions.reduce((sum, { configuration }) => sum + configuration.codeSize, 0),
        FunctionCount: all.length,
      },
    });
  },
};

function named({ registry }: ApiParts, { target }: ApiCall) {
  const { deployed, qualifier } = registry.get(target);
  const alias = qualifier === undefined ? undefined : deployed.aliases.get(qualifier);
  // Of an alias that splits its calls, the version that is its own.
  const { configuration } = registry.revisionOf(deployed, alias?.functionVersion ?? qualifier);
  return { deployed, configuration, qualifier };
}
