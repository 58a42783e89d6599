import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { withSection } from './docs.ts';

describe('a section of the docs', () => {
  const document = 'before\n<!-- one -->\n\nold\n\n<!-- end of one -->\nafter';

  test('takes the place of what was there, and leaves the rest', () => {
    const written = withSection(document, 'one', 'new');
    expect(written).toBe('before\n<!-- one -->\n\nnew\n\n<!-- end of one -->\nafter');
    expect(withSection(written, 'one', 'new')).toBe(written);
  });

  test('must have a place', () => {
    expect(() => withSection(document, 'two', 'new')).toThrow('has no place for two');
  });

  test.each(['event store', 'memory', 'growth'])('has a place for %s', (name) => {
    const docs = readFileSync(join(import.meta.dirname, '../../docs/benchmarks.md'), 'utf8');
    expect(withSection(docs, name, 'measured')).toContain('measured');
  });
});
