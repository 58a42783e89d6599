import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Domain, kebabCase } from '#shared/definition/domain.ts';
import { synthesize } from '../main.ts';
import type { Choices } from '../settings.ts';

type Attributes = Record<string, unknown>;

/** A synthesized stack, its resources by type and by the path of their construct. */
export interface Synthesized {
  readonly resource: Record<string, Record<string, Attributes>>;
  readonly output: Record<string, { value: unknown }>;
  readonly terraform: Attributes;
  readonly provider: Record<string, Attributes[]>;
}

/** A temporary folder that holds a fake bundle for every function, and as many syntheses as a test asks for. */
export class Workbench {
  readonly folder = mkdtempSync(join(tmpdir(), 'skafu-stacks-'));
  private readonly domains: readonly Domain[];

  constructor(domains: readonly Domain[]) {
    this.domains = domains;
    for (const bundle of bundlesOf(domains)) this.write(join('functions', bundle), `code of ${bundle}`);
  }

  async synthesize(outdir: string, choices: Partial<Choices> = {}): Promise<void> {
    await synthesize({
      environment: 'local',
      functionsDirectory: join(this.folder, 'functions'),
      outdir: join(this.folder, outdir),
      domains: this.domains,
      ...choices,
    });
  }

  stack(outdir: string, name: string): Synthesized {
    return JSON.parse(readFileSync(join(this.folder, outdir, 'stacks', name, 'cdk.tf.json'), 'utf8'));
  }

  /** Every file below, by its path. */
  files(outdir: string): Map<string, Buffer> {
    const root = join(this.folder, outdir);
    const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    const paths = entries.map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1)).sort();
    return new Map(paths.map((path) => [path, readFileSync(join(root, path))]));
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

/** The bundles that a build makes: `<stack>/<function>.zip`. */
function bundlesOf(domains: readonly Domain[]): string[] {
  const platform = ['relay', 'health', 'info', 'unknown-route', 'seal', 'report-failure'].map(
    (name) => `platform/${name}.zip`,
  );
  const parts = domains.flatMap(({ name, commands, queries, readModels, reactors }) =>
    [commands, queries, readModels, reactors]
      .flatMap((part) => Object.keys(part))
      .map((part) => `${name}/${kebabCase(part)}.zip`)
      .concat(`${name}/keep-snapshots.zip`),
  );
  return [...platform, ...parts, 'operations/catch-up.zip', 'operations/canary.zip'];
}

/** The one resource of a type, or the one at a path among several; throws when it is not exactly one. */
export function only({ resource }: Synthesized, type: string, path?: string): Attributes {
  const found = Object.entries(resource[type] ?? {}).filter(([own]) => path === undefined || own === path);
  const [first] = found;
  if (found.length !== 1 || !first) throw new Error(`${found.length} resources ${type} ${path ?? ''}`);
  return first[1];
}

/** One attribute of all resources of a type, in order. */
export function named({ resource }: Synthesized, type: string, attribute: string): unknown[] {
  return Object.values(resource[type] ?? {})
    .map((attributes) => attributes[attribute])
    .sort();
}
