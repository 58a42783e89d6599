import { resolve } from 'node:path';
import type { Cloud } from '../../core/cloud.ts';
import { AwsError, notSupported } from '../../core/errors.ts';
import type { Attributes, Resource, ResourceHandler } from '../../core/service.ts';
import { defaultAsynchronousSettings, readAsynchronousSettings } from './asynchronous-settings.ts';
import { removeOtherCode, unpackCode } from './code.ts';
import { type FunctionConfiguration, readSettings } from './configuration.ts';
import type { FunctionRegistry } from './function-registry.ts';

/** The Terraform types that make and describe functions. */
export function functionResources(cloud: Cloud, registry: FunctionRegistry): Record<string, ResourceHandler> {
  return {
    aws_lambda_function: functionHandler(cloud, registry),
    aws_lambda_alias: aliasHandler(registry),
    aws_lambda_function_event_invoke_config: eventInvokeConfigHandler(registry),
  };
}

function functionHandler(cloud: Cloud, registry: FunctionRegistry): ResourceHandler {
  return {
    async apply(resource, previous) {
      const settings = readSettings(cloud, resource);
      cloud.ports.access.requireTrust(settings.role, 'lambda.amazonaws.com');
      const code = await unpackCode(cloud.dataDirectory, settings.name, archivePath(resource));
      const configuration: FunctionConfiguration = {
        ...settings,
        codeFolder: code.folder,
        codeSha256: code.sha256,
        codeSize: code.size,
        lastModified: lastModified(code.sha256, previous),
      };
      if (!registry.has(settings.name)) await removeOtherCode(code);
      registry.deploy(configuration);
      return functionAttributes(cloud, configuration, resource.desired);
    },
    async remove(_address, previous) {
      registry.remove(String(previous['function_name']));
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
  cloud: Cloud,
  configuration: FunctionConfiguration,
  desired: Attributes,
): Attributes {
  const { arn, name } = configuration;
  const invocationArn = (target: string) =>
    `arn:aws:apigateway:${cloud.region}:lambda:path/2015-03-31/functions/${target}/invocations`;
  const version = desired['publish'] === true ? '1' : '$LATEST';
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

function aliasHandler(registry: FunctionRegistry): ResourceHandler {
  return {
    async apply({ desired }) {
      const name = String(desired['name']);
      const { deployed } = registry.get(String(desired['function_name']));
      deployed.aliases.add(name);
      const arn = `${deployed.configuration.arn}:${name}`;
      const region = arn.split(':')[3];
      const invokeArn = `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${arn}/invocations`;
      return { ...desired, id: arn, arn, invoke_arn: invokeArn };
    },
    async remove(_address, previous) {
      const { name } = previous;
      forgetQuietly(registry, previous, ({ aliases }) => aliases.delete(String(name)));
    },
  };
}

function eventInvokeConfigHandler(registry: FunctionRegistry): ResourceHandler {
  return {
    async apply({ desired }) {
      const { deployed } = registry.get(String(desired['function_name']));
      deployed.asynchronous = readAsynchronousSettings(desired);
      return { ...desired, id: deployed.configuration.name };
    },
    async remove(_address, previous) {
      forgetQuietly(registry, previous, (deployed) => {
        deployed.asynchronous = defaultAsynchronousSettings;
      });
    },
  };
}

/** Undoes something on a function that may itself have been removed before. */
function forgetQuietly(
  registry: FunctionRegistry,
  previous: Attributes,
  undo: (deployed: ReturnType<FunctionRegistry['get']>['deployed']) => void,
): void {
  try {
    undo(registry.get(String(previous['function_name'])).deployed);
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== 'ResourceNotFoundException') throw error;
  }
}
