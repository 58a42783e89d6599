import { resolve } from 'node:path';
import { block } from '../../core/blocks.ts';
import type { Cloud } from '../../core/cloud.ts';
import { AwsError, notSupported } from '../../core/errors.ts';
import type { Attributes, Resource, ResourceHandler } from '../../core/service.ts';
import { readAsynchronousSettings } from './asynchronous-settings.ts';
import { readArchiveFile, removeOtherCode, unpackCode } from './code.ts';
import {
  type FunctionConfiguration,
  invocationArn,
  latest,
  readReservedConcurrency,
  readSettings,
} from './configuration.ts';
import type { FunctionRegistry, Target } from './function-registry.ts';
import type { CodeSources } from './hot-reload.ts';
import type { MadeFunctions } from './made-functions.ts';

export interface ResourceParts {
  cloud: Cloud;
  registry: FunctionRegistry;
  made: MadeFunctions;
  sources: CodeSources;
}

/** The Terraform types that make and describe functions. */
export function functionResources(parts: ResourceParts): Record<string, ResourceHandler> {
  return {
    aws_lambda_function: functionHandler(parts),
    aws_lambda_alias: aliasHandler(parts),
    aws_lambda_function_event_invoke_config: eventInvokeConfigHandler(parts),
    aws_lambda_provisioned_concurrency_config: provisionedConcurrencyHandler(parts),
  };
}

function functionHandler({ cloud, registry, made, sources }: ResourceParts): ResourceHandler {
  return {
    async apply(resource, previous) {
      await made.loaded;
      const settings = readSettings(cloud, resource);
      const { name } = settings;
      const reserved = readReservedConcurrency(resource);
      cloud.ports.access.requireTrust(settings.role, 'lambda.amazonaws.com');
      const path = archivePath(resource);
      const code = await unpackCode(cloud.dataDirectory, name, await readArchiveFile(name, path));
      const configuration: FunctionConfiguration = {
        ...settings,
        codeFolder: code.folder,
        codeSha256: code.sha256,
        codeSize: code.size,
        lastModified: lastModified(code.sha256, previous),
      };
      if (!registry.has(name)) {
        const keep = registry.codeFoldersOf(name).add(code.folder);
        await removeOtherCode(cloud.dataDirectory, name, keep);
      }
      const standing = registry.has(name) ? registry.get(name).deployed : undefined;
      if (reserved !== undefined) registry.concurrency.requireRoom(standing, reserved);
      const replaced = standing?.pool;
      const deployed = registry.deploy(configuration);
      // Somebody who changed it waits for its first answer.
      if (replaced && deployed.pool !== replaced) deployed.pool.warm();
      deployed.reservedConcurrency = reserved;
      await made.forget(name);
      sources.set(name, path);
      const publish = resource.desired['publish'] === true;
      const published = publish ? await deployed.versions.publish(configuration) : undefined;
      return functionAttributes(configuration, published?.configuration.version ?? latest, resource.desired);
    },
    async remove(_address, previous) {
      const name = String(previous['function_name']);
      sources.delete(name);
      await registry.remove(name);
    },
  };
}

function archivePath({ desired, folder, address }: Resource): string {
  const filename = desired['filename'];
  if (typeof filename === 'string') return resolve(folder, filename);
  throw notSupported('Lambda', `code of ${address} other than a local file name`);
}

function lastModified(sha256: string, previous: Attributes | undefined): string {
  const kept = previous?.['code_sha256'] === sha256 ? previous['last_modified'] : undefined;
  return typeof kept === 'string' ? kept : new Date().toISOString().replace('Z', '+0000');
}

function functionAttributes(
  configuration: FunctionConfiguration,
  version: string,
  desired: Attributes,
): Attributes {
  const { arn, name } = configuration;
  return {
    ...desired,
    id: name,
    arn,
    function_name: name,
    invoke_arn: invocationArn(arn),
    response_streaming_invoke_arn: invocationArn(arn).replace('2015-03-31', '2021-11-15'),
    qualified_arn: `${arn}:${version}`,
    qualified_invoke_arn: invocationArn(`${arn}:${version}`),
    version,
    code_sha256: configuration.codeSha256,
    source_code_hash: desired['source_code_hash'] ?? configuration.codeSha256,
    source_code_size: configuration.codeSize,
    last_modified: configuration.lastModified,
  };
}

function aliasHandler({ registry }: ResourceParts): ResourceHandler {
  return {
    async apply({ desired }) {
      const name = String(desired['name']);
      const { deployed } = registry.get(String(desired['function_name']));
      const functionVersion = String(desired['function_version'] ?? latest);
      const routing = block(desired['routing_config'])?.['additional_version_weights'];
      const weights = Object.fromEntries(
        Object.entries((routing ?? {}) as Attributes).map(([version, weight]) => [version, Number(weight)]),
      );
      for (const version of [functionVersion, ...Object.keys(weights)]) registry.versionOf(deployed, version);
      const settings = { name, functionVersion, description: String(desired['description'] ?? ''), weights };
      await deployed.aliases.put(settings);
      registry.provisionAgain(deployed);
      const arn = `${deployed.configuration.arn}:${name}`;
      return { ...desired, id: arn, arn, invoke_arn: invocationArn(arn) };
    },
    async remove(_address, previous) {
      await undo(registry, previous, undefined, ({ deployed }) =>
        deployed.aliases.remove(String(previous['name'])),
      );
    },
  };
}

function eventInvokeConfigHandler({ registry }: ResourceParts): ResourceHandler {
  return {
    async apply({ desired }) {
      const { deployed, qualifier = latest } = registry.get(qualifiedName(desired));
      deployed.asynchronous.set(qualifier, readAsynchronousSettings(desired));
      const { name } = deployed.configuration;
      return { ...desired, id: qualifier === latest ? name : `${name}:${qualifier}` };
    },
    async remove(_address, previous) {
      await undo(registry, previous, previous['qualifier'], ({ deployed, qualifier = latest }) =>
        deployed.asynchronous.delete(qualifier),
      );
    },
  };
}

/** Real, as far as one machine goes: so many workers are started ahead and kept. */
function provisionedConcurrencyHandler({ registry }: ResourceParts): ResourceHandler {
  return {
    async apply({ desired }) {
      const { deployed, qualifier } = registry.get(qualifiedName(desired));
      if (qualifier === undefined || qualifier === latest)
        throw new AwsError(
          'InvalidParameterValueException',
          'Provisioned concurrency needs a version or an alias.',
        );
      registry.provision(deployed, qualifier, Number(desired['provisioned_concurrent_executions']));
      return { ...desired, id: `${deployed.configuration.name},${qualifier}` };
    },
    async remove(_address, previous) {
      await undo(registry, previous, previous['qualifier'], ({ deployed, qualifier = latest }) =>
        registry.provision(deployed, qualifier, 0),
      );
    },
  };
}

function qualifiedName(desired: Attributes): string {
  const { function_name: name, qualifier } = desired;
  return qualifier ? `${name}:${qualifier}` : String(name);
}

/** Undoes something on a function that may itself have been removed before, or the version or alias named. */
async function undo(
  registry: FunctionRegistry,
  previous: Attributes,
  qualifier: unknown,
  change: (target: Target) => unknown,
): Promise<void> {
  try {
    await change(registry.get(qualifiedName({ function_name: previous['function_name'], qualifier })));
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== 'ResourceNotFoundException') throw error;
  }
}
