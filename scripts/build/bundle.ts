import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { zipSync } from 'fflate';
import { findDomains } from '#stacks/find-domains.ts';
import { type Entry, entriesOf } from './entries.ts';
import { foldFingerprints } from './fold-fingerprints.ts';

/** Zip archives carry a time; a fixed one keeps unchanged code byte-identical, so that it is not deployed again. */
const zipTime = new Date(1980, 0, 1);

/** How a function is bundled: all that matters to its size and its cold start. */
export function bundleOptions(root: string) {
  return {
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'esm',
    mainFields: ['module', 'main'],
    minify: true,
    keepNames: true,
    legalComments: 'none',
    alias: { '@aws-sdk/credential-provider-node': join(root, 'shared/runtime/environment-credentials.ts') },
    // Some dependencies are CommonJS and still ask for Node's own modules by `require`.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'warning',
  } satisfies BuildOptions;
}

/**
 * Bundles every Lambda function, each into a zip `<output>/<stack>/<name>.zip` that holds `index.mjs`.
 *
 * @param root the repository
 * @param work a folder for the generated entries, inside the repository so that its imports resolve
 * @returns how many functions there are
 */
export async function bundleFunctions(root: string, work: string, output: string): Promise<number> {
  const domains = await findDomains();
  const entries = entriesOf(domains, await foldFingerprints(root, domains));
  for (const folder of [work, output]) rmSync(folder, { recursive: true, force: true });
  for (const entry of entries) writeEntry(work, entry);

  const bundled = await build({
    absWorkingDir: root,
    entryPoints: entries.map(({ stack, name }) => ({
      in: join(work, stack, `${name}.ts`),
      out: `${stack}/${name}`,
    })),
    outdir: output,
    write: false,
    ...bundleOptions(root),
  });
  for (const [index, { stack, name }] of entries.entries()) {
    const file = bundled.outputFiles[index];
    if (!file?.path.endsWith(join(stack, `${name}.js`)))
      throw new Error(`The bundle of ${stack}/${name} is missing.`);
    mkdirSync(join(output, stack), { recursive: true });
    writeFileSync(join(output, stack, `${name}.zip`), zip(file.contents));
  }
  return entries.length;
}

function writeEntry(work: string, { stack, name, source, validator }: Entry): void {
  mkdirSync(join(work, stack), { recursive: true });
  writeFileSync(join(work, stack, `${name}.ts`), source);
  if (validator) writeFileSync(join(work, stack, `${name}.validator.mjs`), validator);
}

function zip(contents: Uint8Array): Uint8Array {
  return zipSync({ 'index.mjs': [contents, { mtime: zipTime, os: 3, attrs: 0o644 << 16 }] });
}
