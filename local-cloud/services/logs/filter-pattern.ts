import { AwsError } from '../../core/errors.ts';
import type { LogQuery } from '../../telemetry/index.ts';

/** What a message must hold: all of `contains`, one of `containsAny` if there are any, none of `lacks`. */
export type TextFilter = Required<Pick<LogQuery, 'contains' | 'containsAny' | 'lacks'>>;

/**
 * Reads a filter pattern of terms: `ERROR "not found"` (all), `?ERROR ?WARN` (any), `-DEBUG` (none). Patterns over JSON
 * fields, columns or regular expressions are refused.
 */
export function parseFilterPattern(pattern: string): TextFilter {
  const text = pattern.trim();
  const filter: TextFilter = { contains: [], containsAny: [], lacks: [] };
  if (/^[{[]/.test(text) || /(^|\s)[-?]?%/.test(text)) {
    throw new AwsError(
      'InvalidParameterException',
      'The local cloud supports filter patterns of terms and quoted phrases only, not of JSON fields, columns or regular expressions.',
    );
  }
  for (const [, sign = '', quoted, word] of text.matchAll(/([-?]?)(?:"((?:[^"\\]|\\.)*)"|(\S+))/g)) {
    const term = quoted === undefined ? (word ?? '') : quoted.replace(/\\(.)/g, '$1');
    if (term === '') continue;
    if (sign === '?') filter.containsAny.push(term);
    else if (sign === '-') filter.lacks.push(term);
    else filter.contains.push(term);
  }
  // AWS passes over optional terms as soon as a required one stands beside them.
  if (filter.contains.length > 0) filter.containsAny = [];
  return filter;
}

export function matches(filter: TextFilter, message: string): boolean {
  return (
    filter.contains.every((term) => message.includes(term)) &&
    (filter.containsAny.length === 0 || filter.containsAny.some((term) => message.includes(term))) &&
    !filter.lacks.some((term) => message.includes(term))
  );
}
