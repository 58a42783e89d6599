import type { Span } from './malformed.ts';

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=';
export type Arithmetic = '+' | '-' | '*' | '/' | '%' | '^';

export interface RegularExpression extends Span {
  kind: 'regex';
  /** As RE2 wants it, its flags in front. */
  source: string;
}

export interface Field extends Span {
  kind: 'field';
  name: string;
  /** Written in back quotes: a dot may then belong to the name. */
  isQuoted: boolean;
}

export interface Call extends Span {
  kind: 'call';
  /** In lower case. */
  name: string;
  arguments: Expression[];
}

export interface Period extends Span {
  kind: 'period';
  count: number;
  unit: string;
}

export type Expression =
  | Field
  | Call
  | RegularExpression
  | Period
  | (Span & { kind: 'number'; value: number })
  | (Span & { kind: 'text'; value: string })
  | (Span & { kind: 'boolean'; value: boolean })
  | (Span & { kind: 'star' })
  | (Span & { kind: 'negative' | 'not'; operand: Expression })
  | (Span & { kind: 'and' | 'or'; left: Expression; right: Expression })
  | (Span & { kind: 'comparison'; operator: Comparison; left: Expression; right: Expression })
  | (Span & { kind: 'arithmetic'; operator: Arithmetic; left: Expression; right: Expression })
  | (Span & { kind: 'in'; value: Expression; list: Expression[]; isNegated: boolean })
  | (Span & { kind: 'like'; value: Expression; pattern: Expression; isNegated: boolean });

/** An expression and the name under which it shows: its alias, or else its own text. */
export interface Named {
  name: string;
  hasAlias: boolean;
  expression: Expression;
}

export type Command =
  | (Span & { kind: 'fields' | 'display'; items: Named[] })
  | (Span & { kind: 'filter'; condition: Expression })
  | (Span & { kind: 'sort'; keys: { expression: Expression; isDescending: boolean }[] })
  | (Span & { kind: 'limit'; count: number })
  | (Span & { kind: 'dedup'; keys: Expression[] })
  | (Span & { kind: 'parse'; source: Expression; pattern: string; names: string[] })
  | (Span & { kind: 'stats'; aggregates: Named[]; keys: Named[] });
