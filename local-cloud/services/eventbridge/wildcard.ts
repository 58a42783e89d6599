import { wildcardMatcher } from '../../core/wildcard.ts';
import { invalidPattern } from './pattern-error.ts';

/**
 * Compiles `*` patterns (`\*` is a literal asterisk, `\\` a backslash) into a matcher. Throws
 * `InvalidEventPatternException` where AWS refuses the pattern.
 */
export function compileWildcard(pattern: string): (value: string) => boolean {
  return wildcardMatcher(literals(pattern));
}

/** The literal texts between asterisks. */
function literals(pattern: string): string[] {
  const parts = [''];
  for (let index = 0; index < pattern.length; index += 1) {
    let character = pattern[index] ?? '';
    if (character === '*') {
      if (pattern[index + 1] === '*') {
        throw invalidPattern(`Consecutive wildcard characters at pos ${index}`);
      }
      parts.push('');
      continue;
    }
    if (character === '\\') {
      index += 1;
      character = pattern[index] ?? '';
      if (character !== '*' && character !== '\\') {
        throw invalidPattern(`Invalid escape character at pos ${index - 1}`);
      }
    }
    parts.push((parts.pop() ?? '') + character);
  }
  return parts;
}
