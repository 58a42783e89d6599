import type { Bindings, Sql } from './sql.ts';

/** Where the fields of log lines are read: filters and results read each by itself, the rest all in one pass. */
export type Use = 'single' | 'shared';

const REPORT = (pattern: string) =>
  `CASE WHEN starts_with(message, 'REPORT ') THEN TRY_CAST(nullif(regexp_extract(message, '${pattern}', 1), '') AS DOUBLE) END`;

const number = (sql: string): Sql => ({ sql: `(${sql})`, type: 'number' });
const text = (sql: string): Sql => ({ sql, type: 'text' });

/** What CloudWatch finds in Lambda's own lines; sizes are told in bytes of a decimal megabyte there. */
const LAMBDA_FIELDS: Record<string, Sql> = {
  '@type': text("nullif(regexp_extract(message, '^(START|END|REPORT) RequestId: ', 1), '')"),
  '@requestId': text(
    "nullif(regexp_extract(message, '^(?:(?:START|END|REPORT) RequestId: |[^\\t]*\\t)([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})', 1), '')",
  ),
  '@duration': number(REPORT('\\tDuration: ([0-9.]+) ms')),
  '@billedDuration': number(REPORT('\\tBilled Duration: ([0-9.]+) ms')),
  '@initDuration': number(REPORT('\\tInit Duration: ([0-9.]+) ms')),
  '@memorySize': number(`${REPORT('\\tMemory Size: ([0-9.]+) MB')} * 1000000`),
  '@maxMemoryUsed': number(`${REPORT('\\tMax Memory Used: ([0-9.]+) MB')} * 1000000`),
  '@xrayTraceId': text("nullif(regexp_extract(message, '\\b(1-[0-9a-f]{8}-[0-9a-f]{24})\\b', 1), '')"),
  '@xraySegmentId': text("nullif(regexp_extract(message, 'SegmentId: ([0-9a-f]{16})', 1), '')"),
};

const LINE_FIELDS: Record<string, Sql> = {
  '@timestamp': { sql: 'time', type: 'time' },
  '@ingestionTime': { sql: 'ingestion_time', type: 'time' },
  '@message': text('message'),
  '@logStream': text('stream'),
};

/** The path of a field in its JSON document: dots part it, whole numbers are indexes. */
export function jsonPath(name: string): string {
  return `$${name
    .split('.')
    .map((part) => (/^\d+$/.test(part) ? `[${part}]` : member(part)))
    .join('')}`;
}

function member(name: string): string {
  return `."${name.replace(/["\\]/g, '\\$&')}"`;
}

/** Reads fields of log lines, and remembers which of them one pass over the document has to take out. */
export class LineFields {
  /** Paths taken out in one pass, in the order of the columns `f1`, `f2`, … */
  readonly shared: string[] = [];
  readonly #bindings: Bindings;
  readonly #accountId: string;
  readonly #region: string;

  constructor(bindings: Bindings, account: { accountId: string; region: string }) {
    this.#bindings = bindings;
    this.#accountId = account.accountId;
    this.#region = account.region;
  }

  read(name: string, isQuoted: boolean, use: Use): Sql {
    if (Object.hasOwn(LINE_FIELDS, name)) return LINE_FIELDS[name] ?? text('NULL');
    if (Object.hasOwn(LAMBDA_FIELDS, name)) return LAMBDA_FIELDS[name] ?? text('NULL');
    if (name === '@log') return text(`(${this.#bindings.bind(`${this.#accountId}:`)} || group_name)`);
    if (name === '@aws.account') return text(this.#bindings.bind(this.#accountId));
    if (name === '@aws.region') return text(this.#bindings.bind(this.#region));
    // No line here belongs to an entity.
    if (name.startsWith('@entity')) return text('NULL::VARCHAR');
    // A name may hold a dot itself, and only back quotes can tell that it may.
    if (isQuoted && name.includes('.')) {
      const whole = this.#document(`$${member(name)}`, use);
      return { sql: `coalesce(${whole}, ${this.#document(jsonPath(name), use)})`, type: 'any' };
    }
    return { sql: this.#document(jsonPath(name), use), type: 'any' };
  }

  #document(path: string, use: Use): string {
    if (use === 'single') return `json_extract_string(document, ${this.#bindings.bind(path)})`;
    const known = this.shared.indexOf(path);
    if (known >= 0) return `f${known + 1}`;
    return `f${this.shared.push(path)}`;
  }
}
