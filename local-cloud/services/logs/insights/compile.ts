import type { DuckDBValue } from '@duckdb/node-api';
import { compileExpression, type Surroundings } from './compile-expression.ts';
import { LineFields, type Use } from './fields.ts';
import { malformed, type Span } from './malformed.ts';
import { MOST_RESULTS, parseQuery } from './parse.ts';
import { type Definition, orderOf, type Rows, settle, whereOf } from './pipeline.ts';
import { asBoolean, asText, Bindings, orderBy, type Sql } from './sql.ts';
import type { Command, Expression, Field, Named } from './syntax.ts';

export interface CompileOptions {
  accountId: string;
  region: string;
  /** How many log groups the lines come from. */
  groups: number;
  /** Unless the query says `limit`. */
  limit: number;
}

/**
 * A query as SQL. Each statement reads the values `from` and `to` (epoch milliseconds, both inclusive) and `group0`,
 * `group1`, …, which are bound when it runs, beside its own `values`.
 */
export interface CompiledQuery {
  /** One column a field, all texts; lines then have `group_name`, `time` and `sequence`, others `matched` if told. */
  rows: string;
  /** How many lines matched; undefined when every line does. */
  matched: string | undefined;
  fields: string[];
  areLines: boolean;
  isMatchedTold: boolean;
  values: Record<string, DuckDBValue>;
  /** Regular expressions that RE2 has yet to accept. */
  patterns: ReadonlyMap<string, Span>;
}

/** A definition longer than this is computed once in a relation of its own: nested ones would grow beyond measure. */
const LONGEST_INLINE = 2_000;

class Compiler {
  readonly bindings = new Bindings();
  readonly #fields: LineFields;
  readonly #options: CompileOptions;
  #columns = 0;
  /** The statement that counts the lines which matched, once a command left them behind. */
  #matched: string | undefined;
  #isFiltered = false;
  #rows: Rows = {
    from: 'lines',
    where: [],
    order: [],
    limit: undefined,
    names: new Map(),
    shown: [],
    areLines: true,
    isMatchedTold: false,
  };

  constructor(options: CompileOptions) {
    this.#options = options;
    this.#fields = new LineFields(this.bindings, options);
  }

  compile(commands: Command[]): CompiledQuery {
    for (const command of commands) this.#add(command);
    this.#countMatched();
    const rows = this.#rows;
    rows.limit = Math.min(rows.limit ?? this.#options.limit, MOST_RESULTS);
    const fields = this.#shown();
    const columns = fields.map((name, index) => `${asText(this.#named(name, 'single'))} AS c${index}`);
    const hidden = rows.areLines ? ['group_name', 'time', 'sequence'] : rows.isMatchedTold ? ['matched'] : [];
    const inner = `(SELECT * FROM ${rows.from}${whereOf(rows)}${orderOf(rows)} LIMIT ${rows.limit})`;
    const lines = this.#lines();
    return {
      rows: `${lines} SELECT ${[...columns, ...hidden].join(', ')} FROM ${inner}`,
      matched: this.#isFiltered ? `${lines} ${this.#matched}` : undefined,
      fields,
      areLines: rows.areLines,
      isMatchedTold: rows.isMatchedTold,
      values: this.bindings.values,
      patterns: this.bindings.patterns,
    };
  }

  /** The log lines of the query's groups and times; what several places read of their documents is read in one pass. */
  #lines(): string {
    const groups = Array.from({ length: this.#options.groups }, (_, index) => `$group${index}`);
    const document = 'CASE WHEN is_document THEN message ELSE fragment END';
    const source = `SELECT time, ingestion_time, sequence, group_name, stream, message, ${document} AS document
      FROM log_lines WHERE group_name IN (${groups.join(', ')}) AND time BETWEEN $from AND $to`;
    const { shared } = this.#fields;
    const [first] = shared;
    if (first === undefined) return `WITH lines AS (${source})`;
    if (shared.length === 1) {
      return `WITH lines AS (SELECT *, json_extract_string(document, ${this.bindings.bind(first)}) AS f1 FROM (${source}))`;
    }
    const columns = shared.map((_, index) => `extracted[${index + 1}] AS f${index + 1}`);
    const paths = this.bindings.bind(shared);
    return `WITH lines AS (SELECT *, ${columns.join(', ')} FROM (
      SELECT *, json_extract_string(document, ${paths}) AS extracted FROM (${source})))`;
  }

  #shown(): string[] {
    const { shown, names, areLines } = this.#rows;
    if (shown.length > 0) return [...new Set(shown)].filter((name) => name !== '@ptr');
    return areLines ? ['@timestamp', '@message'] : [...names.keys()];
  }

  #field({ name, isQuoted }: Pick<Field, 'name' | 'isQuoted'>, use: Use): Sql {
    const definition = this.#rows.names.get(name);
    if (definition) return definition(use);
    // Behind a `stats` there is nothing but its results.
    return this.#rows.areLines
      ? this.#fields.read(name, isQuoted, use)
      : { sql: 'NULL::VARCHAR', type: 'any' };
  }

  readonly #quoted = new Set<string>();

  #named(name: string, use: Use): Sql {
    return this.#field({ name, isQuoted: this.#quoted.has(name) }, use);
  }

  #surroundings(use: Use): Surroundings {
    return {
      bindings: this.bindings,
      field: (field) => this.#field(field, use),
      time: this.#rows.areLines ? 'time' : undefined,
    };
  }

  #expression(expression: Expression, use: Use): Sql {
    return compileExpression(expression, this.#surroundings(use));
  }

  /** Gives a name to an expression over the rows as they are now. */
  #define(name: string, write: Definition): void {
    const trial = write('single');
    if (trial.sql.length <= LONGEST_INLINE) {
      this.#rows.names.set(name, write);
      return;
    }
    const column = this.#column();
    const computed = write('shared');
    settle(this.#rows);
    this.#rows.from = `(SELECT *, ${computed.sql} AS ${column} FROM ${this.#rows.from})`;
    this.#rows.names.set(name, () => ({ sql: column, type: computed.type }));
  }

  #column(): string {
    this.#columns += 1;
    return `v${this.#columns}`;
  }

  #countMatched(): void {
    this.#matched ??= `SELECT count(*)::DOUBLE FROM ${this.#rows.from}${whereOf(this.#rows)}`;
  }

  #add(command: Command): void {
    const rows = this.#rows;
    // What follows a limit sees only what it left.
    if (rows.limit !== undefined && !['limit', 'fields', 'display'].includes(command.kind)) settle(rows);
    switch (command.kind) {
      case 'fields':
      case 'display':
        if (command.kind === 'display') rows.shown = [];
        for (const item of command.items) this.#show(item);
        break;
      case 'filter':
        if (rows.areLines) this.#isFiltered = true;
        rows.where.push(asBoolean(this.#expression(command.condition, 'single')));
        break;
      case 'sort':
        rows.order = command.keys.map(({ expression, isDescending }) =>
          orderBy(this.#expression(expression, 'shared'), isDescending),
        );
        break;
      case 'limit':
        this.#countMatched();
        rows.limit = Math.min(rows.limit ?? MOST_RESULTS, command.count);
        break;
      case 'dedup':
        this.#dedup(command.keys);
        break;
      case 'parse':
        this.#parse(command);
        break;
      case 'stats':
        this.#stats(command);
    }
  }

  #show({ name, hasAlias, expression }: Named): void {
    if (expression.kind === 'field' && expression.isQuoted && !hasAlias) this.#quoted.add(name);
    if (expression.kind !== 'field' || hasAlias) this.#define(name, this.#over(expression));
    this.#rows.shown.push(name);
  }

  /** An expression bound to what names mean now: `fields a + 1 as a` speaks of the earlier a. */
  #over(expression: Expression): Definition {
    const names = new Map(this.#rows.names);
    return (use) => {
      const { field, ...surroundings } = this.#surroundings(use);
      return compileExpression(expression, {
        ...surroundings,
        field: (each) =>
          names.get(each.name)?.(use) ??
          (this.#rows.names.has(each.name) ? this.#line(each, use) : field(each)),
      });
    };
  }

  #line({ name, isQuoted }: Field, use: Use): Sql {
    return this.#rows.areLines
      ? this.#fields.read(name, isQuoted, use)
      : { sql: 'NULL::VARCHAR', type: 'any' };
  }

  /** Of lines alike the first in order stays. A missing field is like no other. */
  #dedup(keys: Expression[]): void {
    this.#countMatched();
    const rows = this.#rows;
    const columns = keys.map((key) => this.#expression(key, 'shared').sql);
    const first = `row_number() OVER (PARTITION BY ${columns.join(', ')}${orderOf(rows)}) = 1`;
    const missing = columns.map((column) => `${column} IS NULL`).join(' OR ');
    rows.from = `(SELECT * FROM ${rows.from}${whereOf(rows)} QUALIFY ${first} OR ${missing})`;
    rows.where = [];
  }

  #parse({ source, pattern, names, start, end }: Command & { kind: 'parse' }): void {
    const text = this.#over(source);
    const bound = this.bindings.bindPattern(pattern, { start, end });
    names.forEach((name, index) => {
      if (name === '') return;
      this.#define(name, (use) => ({
        sql: `nullif(regexp_extract(${asText(text(use))}, ${bound}, ${index + 1}), '')`,
        type: 'any',
      }));
    });
  }

  #stats({ aggregates, keys, start, end }: Command & { kind: 'stats' }): void {
    const isFirst = this.#matched === undefined;
    this.#countMatched();
    const lines = this.#surroundings('shared');
    const names = new Map<string, Definition>();
    const columns: string[] = [];
    const order: string[] = [];
    const name = (given: string, { sql, type }: Sql) => {
      const column = this.#column();
      columns.push(`${sql} AS ${column}`);
      names.set(given, () => ({ sql: column, type }));
      return column;
    };
    const compiledKeys = keys.map((key) => ({ ...key, sql: this.#expression(key.expression, 'shared') }));
    for (const key of compiledKeys) {
      const column = name(key.name, key.sql);
      order.push(`${column} ${key.sql.type === 'time' ? 'DESC' : 'ASC'} NULLS LAST`);
    }
    const results: Surroundings = {
      bindings: this.bindings,
      time: undefined,
      aggregates: { rows: lines },
      field(field) {
        const key = compiledKeys.find((each) => each.name === field.name);
        if (!key) throw malformed(`${field.name} must stand inside of an aggregate, or behind by.`, field);
        return key.sql;
      },
    };
    for (const item of aggregates) name(item.name, compileExpression(item.expression, results));
    if (names.size < columns.length)
      throw malformed('Two results of stats have the same name.', { start, end });
    const isMatchedTold = isFirst && this.#isFiltered;
    if (isMatchedTold) columns.push('(sum(count(*)) OVER ())::DOUBLE AS matched');
    const grouping = keys.length > 0 ? ` GROUP BY ${keys.map((_, index) => index + 1).join(', ')}` : '';
    const { from } = this.#rows;
    this.#rows = {
      from: `(SELECT ${columns.join(', ')} FROM ${from}${whereOf(this.#rows)}${grouping} HAVING count(*) > 0)`,
      where: [],
      order,
      limit: undefined,
      names,
      shown: [],
      areLines: false,
      isMatchedTold,
    };
  }
}

/** Parses and compiles a query. Throws `MalformedQueryException`, with the place, for what it does not understand. */
export function compileQuery(query: string, options: CompileOptions): CompiledQuery {
  return new Compiler(options).compile(parseQuery(query));
}
