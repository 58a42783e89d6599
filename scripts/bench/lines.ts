/** One line of the report: what was measured, and the bar that it has to meet, if there is one. */
export interface Line {
  readonly part: string;
  readonly what: string;
  readonly measured: number;
  readonly unit: string;
  readonly bar?: { readonly must: 'be at most' | 'be at least'; readonly value: number };
  /** What stands behind the number. */
  readonly detail?: string;
}

/** `met`, or by how much of the bar the measure misses it; empty without a bar. */
export function verdictOf({ measured, bar }: Line): string {
  if (!bar) return '';
  const over = bar.must === 'be at most' ? measured - bar.value : bar.value - measured;
  // NaN is no measure, and meets nothing.
  return over <= 0 ? 'met' : `NOT met, by ${((100 * over) / bar.value).toFixed(1)} %`;
}

export const isMissed = (line: Line): boolean => verdictOf(line).startsWith('NOT');

const headings = ['', 'what', 'measured', 'bar', 'verdict', 'behind it'];

/** The report as a Markdown table that also reads well as plain text. */
export function tableOf(lines: readonly Line[]): string {
  const rows = lines.map((line, index) => [
    line.part === lines[index - 1]?.part ? '' : line.part,
    line.what,
    `${numberText(line.measured)} ${line.unit}`.trim(),
    line.bar ? `${line.bar.must === 'be at most' ? '≤' : '≥'} ${line.bar.value}` : '',
    verdictOf(line),
    line.detail ?? '',
  ]);
  return alignedTable(headings, rows);
}

/** A Markdown table with columns of equal width. */
export function alignedTable(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = titles.map((title, column) =>
    Math.max(3, title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const text = (row: readonly string[]) =>
    `| ${widths.map((width, column) => (row[column] ?? '').padEnd(width)).join(' | ')} |`;
  return [text(titles), text(widths.map((width) => '-'.repeat(width))), ...rows.map(text)].join('\n');
}

/** Three significant digits, but every digit before the point. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(Math.max(Math.abs(value), 0.01))));
  return Number(value.toFixed(decimals)).toString();
}
