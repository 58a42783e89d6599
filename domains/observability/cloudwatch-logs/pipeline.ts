/** A quoted text, a regular expression, a name in backticks or a comment: a pipe within them parts nothing. */
const closed = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`|\/(?:\\.|[^/\\\n])+\/|#[^\n]*/y;

/** The commands of an Insights query, in order, without comments. */
export function commandsOf(query: string): string[] {
  const commands: string[] = [];
  let command = '';
  let position = 0;
  while (position < query.length) {
    const character = query.charAt(position);
    closed.lastIndex = position;
    const [whole = ''] = beginsClosed(character, command) ? (closed.exec(query) ?? []) : [];
    if (whole) {
      if (character !== '#') command += whole;
      position += whole.length;
      continue;
    }
    if (character === '|') {
      commands.push(command.trim());
      command = '';
    } else command += character;
    position++;
  }
  return [...commands, command.trim()].filter((each) => each !== '');
}

/** A slash divides after a value, and begins a regular expression after an operator such as `like`, `=~` or `parse`. */
function beginsClosed(character: string, before: string): boolean {
  if (character !== '/') return /["'`#]/.test(character);
  return /(^|[=~(,]|\b(?:like|in|parse)|\bparse\s+\S+)\s*$/i.test(before);
}

/** Commands after which rows no longer stand for lines. */
export const reducing = /^(stats|dedup|pattern|diff|anomaly|join|lookup)\b/i;
