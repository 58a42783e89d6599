import { csvOf } from '#shared/frontend/csv.ts';
import { columnsOf } from './log-rows.ts';
import type { LogAnswer } from './types.ts';

/** The rows as comma-separated values, with a heading. */
export function toCsv(answer: LogAnswer): string {
  const places = columnsOf(answer).map((field) => answer.fields.indexOf(field));
  return csvOf([answer.fields, ...answer.rows].map((row) => places.map((place) => row[place] ?? '')));
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
