import { type Condition, parseCondition } from './condition.ts';
import type { FilterPattern } from './filter-pattern.ts';
import { invalidPattern } from './operand.ts';

interface Column {
  name: string;
  condition: Condition | undefined;
}

/** Parts between commas that are in no quotes and in no regular expression. */
function partsOf(text: string): string[] {
  const parts: string[] = [''];
  for (const [piece] of text.matchAll(/"(?:[^"\\]|\\.)*"|%(?:[^%\\]|\\.)*%|,|[^",%]+|./gs)) {
    if (piece === ',') parts.push('');
    else parts.push(`${parts.pop() ?? ''}${piece}`);
  }
  return parts.map((part) => part.trim());
}

function columnOf(part: string): Column {
  const name = /^[\w.-]*/.exec(part)?.[0] ?? '';
  if (part === name) return { name, condition: undefined };
  if (name === '') throw invalidPattern(`${part} names no column.`);
  return { name, condition: parseCondition(part, (word) => word === name) };
}

/** The columns of a line: parted by spaces, but what stands in quotes or in brackets is one. */
export function columnsOf(message: string): string[] {
  return Array.from(
    message.matchAll(/"([^"]*)"|\[([^\]]*)\]|(\S+)/g),
    ([, quoted, bracketed, word]) => quoted ?? bracketed ?? word ?? '',
  );
}

/** `[ip, user, ..., status = 4*, bytes > 1000]`: three dots stand for any number of columns. */
export function parseColumnPattern(text: string): FilterPattern {
  if (!text.endsWith(']')) throw invalidPattern('the closing ] is missing.');
  const parts = partsOf(text.slice(1, -1));
  const dots = parts.indexOf('...');
  if (dots !== parts.lastIndexOf('...')) throw invalidPattern('the three dots stand in it twice.');
  const before = parts.slice(0, dots === -1 ? parts.length : dots).map(columnOf);
  const after = dots === -1 ? [] : parts.slice(dots + 1).map(columnOf);

  /** Columns and their values, or undefined when the line has another number of them. */
  const pair = (message: string): [Column, string][] | undefined => {
    const values = columnsOf(message);
    const named = before.length + after.length;
    if (dots === -1 ? values.length !== named : values.length < named) return undefined;
    return [...before, ...after].map((column, index) => {
      const position = index < before.length ? index : values.length - named + index;
      return [column, values[position] ?? ''];
    });
  };

  return {
    hints: { contains: [], containsAny: [], lacks: [] },
    isHintEnough: false,
    matches: (message) =>
      pair(message)?.every(([{ condition }, value]) => condition?.holds(() => [value]) ?? true) ?? false,
    extract(message) {
      const values = columnsOf(message);
      const pairs = pair(message) ?? [];
      const unnamed = values.length - pairs.length;
      const skipped = values
        .slice(before.length, before.length + unnamed)
        .map((value, index): [string, string] => [`$${before.length + index + 1}`, value]);
      return Object.fromEntries([
        ...pairs.map(([{ name }, value], index): [string, string] => [`$${name || index + 1}`, value]),
        ...skipped,
      ]);
    },
    value: (message, selector) => pair(message)?.find(([{ name }]) => `$${name}` === selector)?.[1],
  };
}
