import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';

/** A place that looks like a secret; `message` never shows it. */
export interface Finding {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

const config = { rules: [{ id: 'recommended', rule: creator }] };
const binary = new Set(['.png', '.woff2', '.zip', '.jar', '.ico']);

/** The files that git tracks or would track, relative to the root. */
function filesIn(root: string): string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  return [...new Set(listed.split('\0'))].filter((path) => path !== '' && !binary.has(extname(path)));
}

/** Looks for secrets (keys, tokens, passwords in addresses) in one text. */
export async function secretsIn(path: string, content: string): Promise<Finding[]> {
  const { messages } = await lintSource({
    source: { filePath: path, content, contentType: 'text', ext: extname(path) },
    options: { config, maskSecrets: true, noPhysicFilePath: true },
  });
  return messages.map(({ loc, message }) => ({ path, line: loc.start.line, message }));
}

/** Looks for secrets in every text file of the tree. Throws when git lists no file: a scan of nothing proves nothing. */
export async function secretsInTree(root: string): Promise<{ files: number; findings: Finding[] }> {
  const files = filesIn(root);
  if (files.length === 0) throw new Error(`git lists no file in ${root}.`);
  const findings: Finding[] = [];
  for (const path of files) findings.push(...(await secretsIn(path, textOf(join(root, path)))));
  return { files: files.length, findings };
}

/** A file that was removed but not yet committed is still listed. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
