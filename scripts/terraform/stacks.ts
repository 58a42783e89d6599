import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

type Json = Record<string, unknown>;

/** The parts of `cdk.tf.json` that validation and deployment look at. */
export interface StackConfiguration {
  terraform: {
    backend?: Record<string, Json>;
    required_providers?: Record<string, { source: string; version: string }>;
  };
  provider?: Record<string, Json[]>;
  resource?: Record<string, Record<string, Json>>;
  data?: Record<string, Record<string, Json>>;
  output?: Record<string, { value: unknown }>;
}

export interface Stack {
  name: string;
  /** Absolute path of the folder that holds `cdk.tf.json` and everything it refers to. */
  folder: string;
  configuration: StackConfiguration;
}

interface Manifest {
  stacks: Record<string, { name: string; workingDirectory: string; dependencies: string[] }>;
}

/**
 * The synthesized stacks below `outputFolder` (`cdktf.out`), each after the stacks whose outputs it reads. Throws when
 * nothing has been synthesized there.
 */
export function readStacks(outputFolder: string): Stack[] {
  const manifestFile = join(outputFolder, 'manifest.json');
  if (!existsSync(manifestFile)) throw new Error(`${manifestFile} does not exist: run the build first.`);
  const { stacks } = JSON.parse(readFileSync(manifestFile, 'utf8')) as Manifest;
  const ordered: string[] = [];
  const visit = (id: string, path: string[]) => {
    if (ordered.includes(id)) return;
    if (path.includes(id))
      throw new Error(`Stacks depend on each other in a circle: ${[...path, id].join(' → ')}.`);
    for (const dependency of stacks[id]?.dependencies ?? []) visit(dependency, [...path, id]);
    ordered.push(id);
  };
  for (const id of Object.keys(stacks).sort()) visit(id, []);
  return ordered.map((id) => readStack(outputFolder, id, stacks[id]));
}

function readStack(outputFolder: string, id: string, entry: Manifest['stacks'][string] | undefined): Stack {
  if (entry === undefined) throw new Error(`A stack depends on ${id}, which was not synthesized.`);
  const folder = join(outputFolder, entry.workingDirectory);
  const configuration = JSON.parse(readFileSync(join(folder, 'cdk.tf.json'), 'utf8')) as StackConfiguration;
  return { name: entry.name, folder, configuration };
}

/** How many resources a stack describes. */
export function countResources({ configuration }: Stack): number {
  return Object.values(configuration.resource ?? {}).reduce(
    (sum, byName) => sum + Object.keys(byName).length,
    0,
  );
}

/** The providers of all stacks, as `hashicorp/aws` and the exact version. */
export function requiredProviders(stacks: Stack[]): Map<string, string> {
  const versions = new Map<string, string>();
  for (const { configuration } of stacks) {
    for (const { source, version } of Object.values(configuration.terraform.required_providers ?? {})) {
      const address = source.includes('/')
        ? source.replace(/^registry\.terraform\.io\//, '')
        : `hashicorp/${source}`;
      versions.set(address, version);
    }
  }
  return versions;
}
