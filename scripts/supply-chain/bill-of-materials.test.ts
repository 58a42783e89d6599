import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

test('the bill of materials names every package that package.json does', () => {
  const { scripts, dependencies, devDependencies } = JSON.parse(
    readFileSync('package.json', 'utf8'),
  ) as Record<'scripts' | 'dependencies' | 'devDependencies', Record<string, string>>;
  const [, ...options] = (scripts['sbom'] ?? '').split(' ');
  const { components } = JSON.parse(execFileSync('npm', options, { encoding: 'utf8', stdio: 'pipe' })) as {
    components: { name: string }[];
  };
  const names = components.map(({ name }) => name);
  for (const name of Object.keys({ ...dependencies, ...devDependencies })) expect(names).toContain(name);
});
