import type { LogAnswer, LogValues } from './types.ts';

/** A row with its place in the answer, which tells it from the others however they are ordered. */
export interface LogRow {
  index: number;
  values: LogValues;
  fields: readonly string[];
}

/** Fields that lead to a line and tell a person nothing. */
const hidden = new Set(['@ptr']);

export function rowsOf(answer: LogAnswer | undefined): LogRow[] {
  return (answer?.rows ?? []).map((values, index) => ({ index, values, fields: answer?.fields ?? [] }));
}

/** The fields that are columns, in the order of the query. */
export function columnsOf({ fields }: { fields: readonly string[] }): string[] {
  return fields.filter((field) => !hidden.has(field));
}

export function fieldOf(row: LogRow, field: string): string | undefined {
  return row.values[row.fields.indexOf(field)] ?? undefined;
}

/** The name of a group as people know it; the answer writes the account before it. */
export function groupName(log: string): string {
  return log.replace(/^\d{12}:/, '');
}

/** A group without what every group of its kind has in common. */
export function shortGroup(name: string): string {
  return groupName(name).replace(/^\/aws\/(lambda|vendedlogs\/[^/]+)\/skafu-[^-]+-/, '');
}

/** The message as JSON, where it is an object; functions of AWS itself write plain lines. */
export function messageJson(message: string | undefined): Readonly<Record<string, unknown>> | undefined {
  if (!message?.trimStart().startsWith('{')) return undefined;
  try {
    return JSON.parse(message) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined; // A line that only looks like JSON is shown as it is.
  }
}

const traceForm = /\b1-[0-9a-f]{8}-[0-9a-f]{24}\b/;

/** The trace and the request that a line belongs to. */
export function idsOf(row: LogRow): { trace?: string; correlation?: string } {
  const message = fieldOf(row, '@message');
  const fields = messageJson(message) ?? {};
  const textIn = (...names: string[]): string | undefined =>
    names
      .map((name) => fieldOf(row, name) ?? fields[name])
      .find((each) => typeof each === 'string' && each !== '') as string | undefined;
  const trace = traceForm.exec(textIn('xray_trace_id', '@xrayTraceId', 'traceId') ?? message ?? '')?.[0];
  const correlation = textIn('correlationId');
  return { ...(trace ? { trace } : {}), ...(correlation ? { correlation } : {}) };
}

export function isTraceId(id: string): boolean {
  return new RegExp(`^${traceForm.source}$`).test(id);
}
