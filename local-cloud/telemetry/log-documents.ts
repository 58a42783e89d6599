const MOST_TRIES = 3;

/** The JSON object of a log line: the whole line, or the first one inside of it. */
export interface LogDocument {
  isDocument: boolean;
  fragment: string | null;
}

/** True for the text of an object that DuckDB reads too: it refuses halves of surrogate pairs, which JavaScript takes. */
function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    // Only what stands alone is written as an escape.
    return !/\\ud/i.test(text) || !/\\ud/.test(JSON.stringify(value));
  } catch {
    // Most lines are no JSON, and that is no failure.
    return false;
  }
}

/** Where the braces that open at `start` close; -1 if they never do. */
function closingBrace(text: string, start: number): number {
  let depth = 0;
  let isInText = false;
  for (let index = start; index < text.length; index += 1) {
    const character = text[index];
    if (isInText) {
      if (character === '\\') index += 1;
      else if (character === '"') isInText = false;
    } else if (character === '"') isInText = true;
    else if (character === '{') depth += 1;
    else if (character === '}') {
      depth -= 1;
      if (depth === 0) return index;
    }
  }
  return -1;
}

/** Finds the JSON object of a line once, when it is written, so that no query has to parse what is none. */
export function documentOf(message: string): LogDocument {
  let start = message.indexOf('{');
  if (start < 0 || !message.includes('}', start)) return { isDocument: false, fragment: null };
  if (message.slice(0, start).trim() === '' && isObject(message)) return { isDocument: true, fragment: null };
  for (let tries = 0; tries < MOST_TRIES && start >= 0; tries += 1) {
    const end = closingBrace(message, start);
    const fragment = end < 0 ? '' : message.slice(start, end + 1);
    if (fragment.length > 2 && isObject(fragment)) return { isDocument: false, fragment };
    start = message.indexOf('{', start + 1);
  }
  return { isDocument: false, fragment: null };
}
