import { columnsOf } from './log-rows.ts';
import type { LogAnswer } from './types.ts';

/** The rows as comma-separated values (RFC 4180), with a heading. */
export function toCsv(answer: LogAnswer): string {
  const places = columnsOf(answer).map((field) => answer.fields.indexOf(field));
  const lines = [answer.fields, ...answer.rows].map((row) =>
    places.map((place) => cell(row[place] ?? '')).join(','),
  );
  return `${lines.join('\r\n')}\r\n`;
}

/** A text that a spreadsheet would compute is kept a text by a quote before it. */
function cell(value: string): string {
  const text = /^[=+@\t\r-]/.test(value) && Number.isNaN(Number(value)) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The rows as a JSON array of objects. */
export function toJson(answer: LogAnswer): string {
  const fields = columnsOf(answer);
  const places = fields.map((field) => answer.fields.indexOf(field));
  const rows = answer.rows.map((row) =>
    Object.fromEntries(fields.map((field, index) => [field, row[places[index] ?? -1] ?? null])),
  );
  return JSON.stringify(rows, null, 2);
}

/** Hands a text to the browser as a file. */
export function download(name: string, type: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = Object.assign(document.createElement('a'), { href: address, download: name });
  link.click();
  URL.revokeObjectURL(address);
}
