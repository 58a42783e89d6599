/**
 * Matches texts against a pattern given as the literal texts between its asterisks, in passes that never backtrack.
 * `['a', '', 'c']` stands for `a**c`, `['a']` for the plain text `a`.
 */
export function wildcardMatcher(literals: string[]): (value: string) => boolean {
  const [first = '', ...rest] = literals;
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
