import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { block, blocks } from '../core/blocks.ts';
import type { Attributes } from '../core/service.ts';
import { TerraformError } from './terraform-error.ts';

/** One synthesized stack, as written, with nothing resolved. */
export interface Stack {
  name: string;
  /** Absolute; relative file names in the stack start here. */
  folder: string;
  resources: Declaration[];
  data: Declaration[];
  /** Raw output values by name. */
  outputs: Record<string, unknown>;
  locals: Record<string, unknown>;
  /** Defaults of variables; a variable without one is absent. */
  variables: Record<string, unknown>;
  /** Region of each provider alias (`aws.us_east_1`) that names one. */
  providerRegions: Record<string, string>;
  /** Tags that each provider gives its resources, by alias (`aws.us_east_1`); the provider without one is `aws`. */
  defaultTags: Record<string, Attributes>;
  /** Path or key of the state file, by which other stacks name this one. */
  stateFile: string | undefined;
}

export interface Declaration {
  type: string;
  name: string;
  body: Attributes;
}

/** Reads every `<directory>/<stack>/cdk.tf.json`, in order of name. Throws `TerraformError`. */
export function readStacks(directory: string): Stack[] {
  if (!existsSync(directory)) {
    throw new TerraformError(`There are no synthesized stacks: the folder ${directory} does not exist.`);
  }
  const names = readdirSync(directory).filter((name) => existsSync(join(directory, name, 'cdk.tf.json')));
  if (names.length === 0) {
    throw new TerraformError(`There are no synthesized stacks: ${directory} holds no <stack>/cdk.tf.json.`);
  }
  return names.sort().map((name) => readStack(name, resolve(directory, name)));
}

function readStack(name: string, folder: string): Stack {
  const file = join(folder, 'cdk.tf.json');
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new TerraformError(
      `${file} cannot be read as JSON: ${error instanceof Error ? error.message : error}`,
    );
  }
  const root = object(document);
  if ('module' in root) throw new TerraformError(`${name}: Terraform modules are not supported.`);
  return {
    name,
    folder,
    resources: declarations(root['resource']),
    data: declarations(root['data']),
    outputs: mapValues(object(root['output']), (output) => object(output)['value']),
    locals: object(root['locals']),
    variables: defaults(object(root['variable'])),
    providerRegions: providerRegions(object(root['provider'])),
    defaultTags: defaultTags(object(root['provider'])),
    stateFile: stateFile(object(object(root['terraform'])['backend'])),
  };
}

function object(value: unknown): Record<string, unknown> {
  if (Array.isArray(value)) return Object.assign({}, ...value.map(object));
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function mapValues<T>(values: Record<string, unknown>, map: (value: unknown) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value)]));
}

function declarations(section: unknown): Declaration[] {
  return Object.entries(object(section)).flatMap(([type, named]) =>
    Object.entries(object(named)).map(([name, body]) => ({ type, name, body: object(body) })),
  );
}

function defaults(variables: Record<string, unknown>): Record<string, unknown> {
  const declared = Object.entries(variables).map(([name, body]) => [name, object(body)['default']] as const);
  return Object.fromEntries(declared.filter(([, value]) => value !== undefined));
}

function providerRegions(providers: Record<string, unknown>): Record<string, string> {
  const regions: Record<string, string> = {};
  for (const { alias, region } of blocks(providers['aws'])) {
    if (typeof alias === 'string' && typeof region === 'string') regions[`aws.${alias}`] = region;
  }
  return regions;
}

function defaultTags(providers: Record<string, unknown>): Record<string, Attributes> {
  const tags = blocks(providers['aws']).map(({ alias, default_tags }) => [
    typeof alias === 'string' ? `aws.${alias}` : 'aws',
    object(block(default_tags)?.['tags']),
  ]);
  return Object.fromEntries(tags);
}

function stateFile(backends: Record<string, unknown>): string | undefined {
  return stateFileOf(Object.values(backends)[0]);
}

/** The `path` of a local backend's configuration, or the `key` of an S3 one. */
export function stateFileOf(configuration: unknown): string | undefined {
  const { path, key } = object(configuration);
  if (typeof path === 'string') return path;
  return typeof key === 'string' ? key : undefined;
}
