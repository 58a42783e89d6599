import { json, oneOf, text } from '#shared/frontend/url-state.ts';
import { chartViewKeys } from '../chart-view.ts';
import { requestQuery, type SimpleSearch, simpleQuery } from './simple-query.ts';

export const levels = ['any', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'CRITICAL'] as const;

/** The keys of the address that the logs page owns, beside the time range. The address is what was run. */
export const logKeys = {
  mode: oneOf(['simple', 'query'], 'simple'),
  /** What the simple search looks for; without `search` it has not been run. */
  search: oneOf(['on', 'off'], 'off'),
  text: text(),
  level: oneOf(levels, 'any'),
  query: text(),
  groups: json<string[]>([], isNames),
  /** A trace id or correlation id: all lines of that request, whatever else is said. */
  request: text(),
  histogram: oneOf(['on', 'off'], 'on'),
  ...chartViewKeys,
} as const;

/** What a person wants to run. */
export interface LogDraft extends SimpleSearch {
  level: (typeof levels)[number];
  mode: 'simple' | 'query';
  query: string;
  groups: string[];
}

export interface LogAddress extends LogDraft {
  search: 'on' | 'off';
  request: string;
}

/** The query that the address asks to run, or nothing while none was run. */
export function queryOf(address: LogAddress): string | undefined {
  if (address.request !== '') return requestQuery(address.request);
  if (address.mode === 'query') return address.query.trim() || undefined;
  return address.search === 'on' ? simpleQuery(address) : undefined;
}

/** What the editor shows of an address. A request's lines are shown as the query that finds them. */
export function draftOf({ request, mode, query, text, level, groups }: LogAddress): LogDraft {
  if (request !== '')
    return { mode: 'query', query: requestQuery(request), text: '', level: 'any', groups: [] };
  return { mode, query, text, level, groups };
}

/** The address under which a draft is run; it holds nothing that the draft's mode does not need. */
export function addressOf({ mode, query, text, level, groups }: LogDraft): LogAddress {
  const rest = { mode, groups: [...groups], request: '' };
  return mode === 'query'
    ? { ...rest, query, search: 'off', text: '', level: 'any' }
    : { ...rest, query: '', search: 'on', text, level };
}

/** The query that a draft would run. */
export function draftQuery(draft: LogDraft): string {
  return draft.mode === 'query' ? draft.query : simpleQuery(draft);
}

/** Addresses are cut at 8,192 characters on their way; the session's token and the rest of the wish need room too. */
const longestAddress = 7000;

/** Whether a wish is too long to be sent. */
export function isTooLong(query: string, groups: readonly string[]): boolean {
  return encodeURIComponent(query + groups.join(',')).length > longestAddress;
}

function isNames(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}
