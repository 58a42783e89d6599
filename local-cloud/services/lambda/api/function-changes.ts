import { AwsError } from '../../../core/errors.ts';
import type { Attributes } from '../../../core/service.ts';
import { unpackCode } from '../code.ts';
import { type FunctionConfiguration, type FunctionSettings, readSettings } from '../configuration.ts';
import type { DeployedFunction } from '../function-registry.ts';
import { requireCode } from '../versions.ts';
import { type ApiOperation, type ApiParts, invalid, json, objectOf, requiredText, textOf } from './call.ts';
import { describeFunction, revisionIdOf } from './description.ts';

type Input = Record<string, unknown>;

/** What makes functions and changes them. What the Terraform names is at the next start as the Terraform says. */
export const changeOperations: Record<string, ApiOperation> = {
  async CreateFunction(parts, { input }) {
    const { cloud, registry, made, tags } = parts;
    const name = requiredText(input, 'FunctionName').replace(/^.*:function:/u, '');
    if (!/^[A-Za-z0-9_-]{1,64}$/u.test(name)) throw invalid(`"${name}" is not the name of a function.`);
    if (registry.has(name)) {
      throw new AwsError('ResourceConflictException', `Function already exist: ${name}`, 409);
    }
    requiredText(input, 'Role');
    requiredText(input, 'Handler');
    const settings = settingsOf(parts, { function_name: name, ...requested(input) });
    const code = await codeOf(parts, name, objectOf(input['Code']));
    if (registry.has(name))
      throw new AwsError('ResourceConflictException', `Function already exist: ${name}`, 409);
    cloud.ports.access.requireTrust(settings.role, 'lambda.amazonaws.com');
    const deployed = registry.deploy({ ...settings, ...code, lastModified: now() });
    await made.keep(deployed);
    await tags.add(name, objectOf(input['Tags']));
    return json(await answered(deployed, input['Publish'] === true), 201);
  },

  async UpdateFunctionCode(parts, { target, input }) {
    const { deployed } = parts.registry.get(target);
    requireRevision(deployed, input);
    const { configuration } = deployed;
    const code = await codeOf(parts, configuration.name, input);
    if (input['DryRun'] === true) return json(describeFunction({ ...configuration, ...code }));
    const changed = parts.registry.deploy({ ...configuration, ...code, lastModified: now() });
    await parts.made.keepChange(changed);
    return json(await answered(changed, input['Publish'] === true));
  },

  async UpdateFunctionConfiguration(parts, { target, input }) {
    const { deployed } = parts.registry.get(target);
    requireRevision(deployed, input);
    const { configuration } = deployed;
    const wanted = { ...asRequested(configuration), ...requested(input) };
    const settings = settingsOf(parts, { function_name: configuration.name, ...wanted });
    parts.cloud.ports.access.requireTrust(settings.role, 'lambda.amazonaws.com');
    const changed = parts.registry.deploy({ ...configuration, ...settings, lastModified: now() });
    await parts.made.keepChange(changed);
    return json(describeFunction(changed.configuration));
  },

  async PublishVersion({ registry }, { target, input }) {
    const { deployed } = registry.get(target);
    requireRevision(deployed, input);
    requireCode(deployed.configuration, textOf(input, 'CodeSha256'));
    const { configuration } = await deployed.versions.publish(
      deployed.configuration,
      textOf(input, 'Description'),
    );
    return json(describeFunction(configuration, configuration.version), 201);
  },
};

async function answered(deployed: DeployedFunction, publish: boolean): Promise<object> {
  if (!publish) return describeFunction(deployed.configuration);
  const { configuration } = await deployed.versions.publish(deployed.configuration);
  return describeFunction(configuration, configuration.version);
}

/** The fields of a request by the names that the Terraform has for them; only those that are given. */
function requested(input: Input): Attributes {
  if (input['PackageType'] === 'Image') throw invalid('The local cloud runs no container images.');
  const fields: Record<string, unknown> = {
    role: input['Role'],
    handler: input['Handler'],
    runtime: input['Runtime'],
    description: input['Description'],
    timeout: within(input, 'Timeout', 1, 900),
    memory_size: within(input, 'MemorySize', 128, 10_240),
    architectures: input['Architectures'],
    environment: input['Environment'] && { variables: objectOf(input['Environment'])['Variables'] },
    tracing_config: input['TracingConfig'] && { mode: objectOf(input['TracingConfig'])['Mode'] },
    dead_letter_config: input['DeadLetterConfig'] && {
      target_arn: objectOf(input['DeadLetterConfig'])['TargetArn'],
    },
    logging_config: input['LoggingConfig'] && {
      log_group: objectOf(input['LoggingConfig'])['LogGroup'],
      log_format: objectOf(input['LoggingConfig'])['LogFormat'],
    },
    layers: input['Layers'],
    file_system_config: input['FileSystemConfigs'],
    image_config: input['ImageConfig'],
  };
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null),
  );
}

function asRequested(configuration: FunctionConfiguration): Attributes {
  const { logGroup, logFormat, deadLetterArn } = configuration;
  return {
    role: configuration.role,
    handler: configuration.handler,
    runtime: configuration.runtime,
    description: configuration.description,
    timeout: configuration.timeoutSeconds,
    memory_size: configuration.memoryMegabytes,
    architectures: [configuration.architecture],
    environment: { variables: configuration.environment },
    tracing_config: { mode: configuration.tracing },
    logging_config: { log_group: logGroup, log_format: logFormat },
    ...(deadLetterArn ? { dead_letter_config: { target_arn: deadLetterArn } } : {}),
  };
}

function settingsOf({ cloud }: ApiParts, desired: Attributes): FunctionSettings {
  const address = `function ${String(desired['function_name'])}`;
  return readSettings(cloud, { address, stack: '', type: 'aws_lambda_function', desired, folder: '.' });
}

type Code = Pick<FunctionConfiguration, 'codeFolder' | 'codeSha256' | 'codeSize'>;

/** The code of a request: an archive in it, or an object of a bucket. */
async function codeOf({ cloud }: ApiParts, name: string, code: Input): Promise<Code> {
  const archive = await archiveOf(cloud.ports, code);
  const { folder, sha256, size } = await unpackCode(cloud.dataDirectory, name, archive);
  return { codeFolder: folder, codeSha256: sha256, codeSize: size };
}

async function archiveOf(ports: ApiParts['cloud']['ports'], code: Input): Promise<Buffer> {
  const zipFile = textOf(code, 'ZipFile');
  if (zipFile !== undefined) return Buffer.from(zipFile, 'base64');
  const bucket = textOf(code, 'S3Bucket');
  const key = textOf(code, 'S3Key');
  if (!bucket || !key) throw invalid('Please provide a source for function code.');
  const object = await ports.objects.get(bucket, key);
  if (!object) throw invalid(`Error occurred while GetObject. S3 Error Code: NoSuchKey. Key: ${key}`);
  return object.body;
}

function within(input: Input, field: string, least: number, most: number): unknown {
  const value = input[field];
  if (value === undefined || value === null) return undefined;
  if (Number.isInteger(value) && Number(value) >= least && Number(value) <= most) return value;
  throw new AwsError('ValidationException', `${field} must be a whole number from ${least} to ${most}.`);
}

/** A change that was thought out on another state is refused. */
function requireRevision({ configuration }: DeployedFunction, input: Input): void {
  const revision = textOf(input, 'RevisionId');
  if (!revision || revision === revisionIdOf(configuration)) return;
  throw new AwsError(
    'PreconditionFailedException',
    'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id',
    412,
  );
}

function now(): string {
  return new Date().toISOString().replace('Z', '+0000');
}
