import { describe, expect, test } from 'vitest';
import { listCode, listFiles, read, repository } from './source-files.ts';

const longest = 400;

describe('every file', () => {
  const code = listCode(repository);
  const texts = listFiles(repository).filter((file) =>
    /\.(ts|tsx|mjs|js|json|md|yml|sh|html|css)$|\.ci\/run$/.test(file),
  );

  test('is seen by these tests', () => {
    expect(code.length).toBeGreaterThan(20);
    expect(texts).toContain('package.json');
  });

  test(`of code has at most ${longest} lines`, () => {
    const long = code
      .map((file) => ({ file, lines: read(repository, file).trimEnd().split('\n').length }))
      .filter(({ lines }) => lines > longest);
    expect(long).toEqual([]);
  });

  test('names no folder of one machine', () => {
    const ofOneMachine = /(?<![\w.}*])\/(?:root|work|farm|tmp|home|Users)\/[a-z]/;
    const found = texts
      .filter((file) => file !== 'package-lock.json')
      .flatMap((file) => findLines(file, ofOneMachine));
    expect(found).toEqual([]);
  });

  test('leaves nothing for later', () => {
    const mark = new RegExp(`\\b(${['TO', 'FIX'].join('DO|')}ME|X{3}|HA${'CK'})\\b`);
    expect(code.flatMap((file) => findLines(file, mark))).toEqual([]);
  });

  test('escapes no check of the compiler or the linter', () => {
    const silenced = new RegExp(`@ts-(${'ignore'}|nocheck)|biome-${'ignore'}|\\bas any\\b|\\.only\\(`);
    expect(
      code
        .filter((file) => file !== 'tests/architecture/files.test.ts')
        .flatMap((file) => findLines(file, silenced)),
    ).toEqual([]);
  });
});

function findLines(file: string, pattern: RegExp): string[] {
  return read(repository, file)
    .split('\n')
    .flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : []));
}
