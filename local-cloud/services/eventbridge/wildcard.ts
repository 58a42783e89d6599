import { invalidPattern } from './pattern-error.ts';

/**
 * Compiles `*` patterns (`\*` is a literal asterisk, `\\` a backslash) into a matcher that runs in linear passes over
 * the value, so that no pattern can make it backtrack.
 */
export function compileWildcard(pattern: string): (value: string) => boolean {
  const [first = '', ...rest] = literals(pattern);
  const last = rest.pop();
  if (last === undefined) return (value) => value === first;
  return (value) => {
    if (!value.startsWith(first)) return false;
    let position = first.length;
    for (const part of rest) {
      const found = value.indexOf(part, position);
      if (found < 0) return false;
      position = found + part.length;
    }
    return value.length - last.length >= position && value.endsWith(last);
  };
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
