import { createHash } from 'node:crypto';
import { build } from 'esbuild';
import { type Domain, kebabCase } from '#shared/definition/domain.ts';

/**
 * A fingerprint of each aggregate by `domain/type`: over all code of the domain that its state may follow from, without
 * what only its decisions use. Equal code gives the same on every machine; a snapshot of other code is known by it.
 */
export async function foldFingerprints(
  root: string,
  domains: readonly Domain[],
): Promise<Record<string, string>> {
  const fingerprints = domains.flatMap((domain) =>
    Object.keys(domain.aggregates).map(async (key): Promise<[string, string]> => {
      const type = kebabCase(key);
      const { outputFiles } = await build({
        absWorkingDir: root,
        stdin: {
          contents: `export { ${key} } from '#domains/${domain.name}/${type}/${type}.ts';`,
          resolveDir: root,
          loader: 'ts',
        },
        bundle: true,
        write: false,
        format: 'esm',
        minify: true,
        // The kernel changes more often than what it does to an event.
        external: ['#shared/*'],
        logLevel: 'warning',
      });
      const code = outputFiles[0]?.contents ?? new Uint8Array();
      return [`${domain.name}/${type}`, createHash('sha256').update(code).digest('hex').slice(0, 16)];
    }),
  );
  return Object.fromEntries(await Promise.all(fingerprints));
}
