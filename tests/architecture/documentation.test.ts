import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findDomains } from '#stacks/find-domains.ts';

const root = join(import.meta.dirname, '../..');
const pages = [
  'README.md',
  'local-cloud/README.md',
  ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`),
].filter((page) => page.endsWith('.md'));
const textOf = (page: string) => readFileSync(join(root, page), 'utf8');
const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };

describe('the documentation', () => {
  test('has the pages that operators, platform engineers and on-call look for', () => {
    expect(pages).toEqual(
      expect.arrayContaining(['README.md', 'docs/operators.md', 'docs/add-a-domain.md', 'docs/on-call.md']),
    );
  });

  test.each(pages)('%s names only commands that there are', (page) => {
    const named = [...textOf(page).matchAll(/npm (?:run )?(start|test|[a-z]+(?::[a-z]+)?)\b/g)]
      .map(([, name = '']) => name)
      .filter((name) => !['ci', 'install', 'run', 'package', 'packages', 'audit', 'registry'].includes(name));
    for (const name of named) expect(Object.keys(scripts), `npm ${name}`).toContain(name);
  });

  test.each(pages)('%s links only to what is there', (page) => {
    const links = [...textOf(page).matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, link = '']) => link);
    for (const link of links.filter((target) => !/^https?:/.test(target))) {
      expect(existsSync(join(root, dirname(page), link)), link).toBe(true);
    }
  });

  test('lists every route of the API', async () => {
    const api = textOf('docs/api.md');
    const domains = await findDomains();
    expect(domains.length).toBeGreaterThan(0);
    for (const { route } of domains.flatMap(({ commands, queries }) => [
      ...Object.values(commands),
      ...Object.values(queries),
    ])) {
      expect(api).toContain(route);
    }
  });
});
