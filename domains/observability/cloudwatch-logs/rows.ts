import type { ResultField } from '@aws-sdk/client-cloudwatch-logs';

/** The rows of an answer as a table: one list of fields, and a value or nothing for each in every row. */
export interface Table {
  readonly fields: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
  /** Rows left out because the answer would have been too large. */
  readonly cut: number;
}

/** A function answers at most 6 MB; what stands around the rows needs little. */
export const mostBytes = 5_000_000;

/** CloudWatch Logs names times in UTC without saying so. */
const insightsTime = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d\.\d{3})$/;
const timeField = /^(@timestamp|@ingestionTime|bin\(.*\)|datefloor\(.*\))$/;

/** Turns rows of name and value into a table, times into RFC 3339, and ends before it holds more than `limit` bytes. */
export function tableOf(results: readonly ResultField[][], limit = mostBytes): Table {
  // Rows lack what they have no value for, so the fullest tells the order of the query's fields best.
  const fullest = results.reduce((most, row) => (row.length > most.length ? row : most), results[0] ?? []);
  const fields = [...new Set([...fullest, ...results.flat()].map(({ field = '' }) => field))];
  const rows: (string | null)[][] = [];
  let bytes = 0;
  for (const result of results) {
    const values = new Map(result.map(({ field = '', value }) => [field, written(field, value)]));
    const row = fields.map((field) => values.get(field) ?? null);
    bytes += Buffer.byteLength(JSON.stringify(row)) + 1;
    if (bytes > limit) break;
    rows.push(row);
  }
  return { fields, rows, cut: results.length - rows.length };
}

function written(field: string, value: string | undefined): string | undefined {
  return timeField.test(field) ? value?.replace(insightsTime, '$1T$2Z') : value;
}
