import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as tokens from '@cloudscape-design/design-tokens';
import { expect, test } from 'vitest';

const components = dirname(
  createRequire(import.meta.url).resolve('@cloudscape-design/components/package.json'),
);

/**
 * Cloudscape's custom properties carry a hash of their release. A design-tokens package of another release refers to
 * properties that nobody defines, and silently shows its light fallbacks: black on black in dark mode.
 */
test('every design token refers to a custom property that the components define', () => {
  const styles = readdirSync(components, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.css'),
  );
  const defined = new Set<string>();
  for (const file of styles) {
    for (const [property] of readFileSync(join(components, file), 'utf8').matchAll(
      /--[a-z][\w-]*(?=\s*:)/g,
    )) {
      defined.add(property);
    }
  }
  const referred = Object.values(tokens)
    .filter((token) => typeof token === 'string')
    .flatMap((token) => /^var\((--[\w-]+)/.exec(token)?.[1] ?? []);
  expect(referred.length).toBeGreaterThan(100);
  expect(referred.filter((property) => !defined.has(property))).toEqual([]);
});
