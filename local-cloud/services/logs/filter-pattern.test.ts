import { describe, expect, it } from 'vitest';
import { matches, parseFilterPattern } from './filter-pattern.ts';

function matching(pattern: string, ...messages: string[]): string[] {
  const filter = parseFilterPattern(pattern);
  return messages.filter((message) => matches(filter, message));
}

describe('a filter pattern', () => {
  const messages = ['ERROR disk full', 'ERROR not found', 'WARN disk full', 'say "hi"'];

  it('wants every term', () => {
    expect(matching('ERROR disk', ...messages)).toEqual(['ERROR disk full']);
  });

  it('takes a quoted phrase as one term', () => {
    expect(matching('"not found"', ...messages)).toEqual(['ERROR not found']);
    expect(matching('"say \\"hi\\""', ...messages)).toEqual(['say "hi"']);
  });

  it('wants any of the optional terms', () => {
    expect(matching('?found ?WARN', ...messages)).toEqual(['ERROR not found', 'WARN disk full']);
  });

  it('wants none of the excluded terms', () => {
    expect(matching('disk -WARN', ...messages)).toEqual(['ERROR disk full']);
  });

  it('matches everything when it is empty', () => {
    expect(matching('  ', ...messages)).toEqual(messages);
  });

  it.each(['{ $.level = "ERROR" }', '[ip, user]', '%ERR.*%'])('refuses %s', (pattern) => {
    expect(() => parseFilterPattern(pattern)).toThrow(/terms and quoted phrases only/);
  });
});
