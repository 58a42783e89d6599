import type { Caller } from '../../core/access.ts';
import { block } from '../../core/blocks.ts';
import type { Cloud } from '../../core/cloud.ts';
import { AwsError, notSupported } from '../../core/errors.ts';
import type { Resource } from '../../core/service.ts';

/** What a function is: its newest code and settings, or those of one published version. */
export interface FunctionConfiguration {
  name: string;
  /** Unqualified. */
  arn: string;
  /** `$LATEST`, or the number under which this was published. */
  version: string;
  role: string;
  description: string;
  /** `<file>.<export>`, for example `index.handler`. */
  handler: string;
  runtime: string;
  architecture: string;
  environment: Record<string, string>;
  timeoutSeconds: number;
  memoryMegabytes: number;
  tracing: 'Active' | 'PassThrough';
  logGroup: string;
  logFormat: 'Text' | 'JSON';
  deadLetterArn: string | undefined;
  /** Base64 SHA-256 of the archive. */
  codeSha256: string;
  codeSize: number;
  /** Folder with the unpacked archive. */
  codeFolder: string;
  /** ISO 8601, as GetFunction tells it. */
  lastModified: string;
}

export type FunctionSettings = Omit<
  FunctionConfiguration,
  'codeSha256' | 'codeSize' | 'codeFolder' | 'lastModified'
>;

/** What a function acts as. */
export function roleOf({ role, name }: Pick<FunctionConfiguration, 'role' | 'name'>): Caller {
  return { type: 'role', roleArn: role, session: name };
}

/** The qualifier of what was deployed last and not published. */
export const latest = '$LATEST';

/** Without a qualifier. */
export function arnOfFunction({ region, accountId }: Cloud, name: string): string {
  return `arn:aws:lambda:${region}:${accountId}:function:${name}`;
}

/** The URI by which API Gateway invokes a function. */
export function invocationArn(arn: string): string {
  return `arn:aws:apigateway:${arn.split(':')[3]}:lambda:path/2015-03-31/functions/${arn}/invocations`;
}

/** Undefined when only the account's limit holds. */
export function readReservedConcurrency({ desired }: Resource): number | undefined {
  const reserved = number(desired['reserved_concurrent_executions'], -1);
  return reserved < 0 ? undefined : reserved;
}

/** Whether a call would meet the same code and settings. */
export function isSameRevision(one: FunctionConfiguration, other: FunctionConfiguration): boolean {
  const essence = ({
    lastModified: _,
    version: _version,
    codeFolder: _folder,
    ...rest
  }: FunctionConfiguration) => JSON.stringify(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1)));
  return essence(one) === essence(other);
}

/** What of a function stands in its Terraform; throws `AwsError` for what the local cloud cannot run. */
export function readSettings(cloud: Cloud, { desired, address }: Resource): FunctionSettings {
  const name = text(desired['function_name']);
  if (!name) throw new AwsError('InvalidParameterValueException', `${address} has no function_name.`);
  const runtime = text(desired['runtime']);
  if (!runtime?.startsWith('nodejs')) {
    throw notSupported('Lambda', `runtime ${runtime ?? '(container image)'} of ${address}`);
  }
  for (const argument of ['layers', 'file_system_config', 'snap_start', 'image_config']) {
    if (isGiven(desired[argument])) throw notSupported('Lambda', `${argument} of ${address}`);
  }
  const logging = block(desired['logging_config']);
  return {
    name,
    arn: arnOfFunction(cloud, name),
    version: latest,
    role: text(desired['role']) ?? '',
    description: text(desired['description']) ?? '',
    handler: text(desired['handler']) ?? 'index.handler',
    runtime,
    architecture: Array.isArray(desired['architectures']) ? String(desired['architectures'][0]) : 'x86_64',
    environment: readVariables(desired['environment']),
    timeoutSeconds: number(desired['timeout'], 3),
    memoryMegabytes: number(desired['memory_size'], 128),
    tracing: block(desired['tracing_config'])?.['mode'] === 'Active' ? 'Active' : 'PassThrough',
    logGroup: text(logging?.['log_group']) ?? `/aws/lambda/${name}`,
    logFormat: logging?.['log_format'] === 'JSON' ? 'JSON' : 'Text',
    deadLetterArn: text(block(desired['dead_letter_config'])?.['target_arn']),
  };
}

/** The name and qualifier in a function's name, ARN, partial ARN or invocation ARN of API Gateway. */
export function parseFunctionName(arnOrName: string): { name: string; qualifier: string | undefined } {
  const bare = arnOrName.replace(/^arn:aws:apigateway:[^/]*\/2015-03-31\/functions\//, '');
  const [reference = ''] = bare.split('/invocations');
  const match = /(?:^|.*:function:)([A-Za-z0-9_-]+)(?::([$A-Za-z0-9_-]+))?$/.exec(reference);
  if (!match?.[1]) {
    throw new AwsError('ValidationException', `"${arnOrName}" is not the name or ARN of a function.`);
  }
  return { name: match[1], qualifier: match[2] };
}

function readVariables(environment: unknown): Record<string, string> {
  const variables = block(environment)?.['variables'];
  if (typeof variables !== 'object' || variables === null) return {};
  return Object.fromEntries(Object.entries(variables).map(([key, value]) => [key, String(value)]));
}

function isGiven(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function number(value: unknown, fallback: number): number {
  return value === undefined || value === null || value === '' ? fallback : Number(value);
}
