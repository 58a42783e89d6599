/** What a keyword of the filter language holds. */
export type KeywordKind = 'boolean' | 'number' | 'text';

export const KEYWORDS: Readonly<Record<string, KeywordKind>> = {
  ok: 'boolean',
  error: 'boolean',
  fault: 'boolean',
  throttle: 'boolean',
  partial: 'boolean',
  inferred: 'boolean',
  first: 'boolean',
  last: 'boolean',
  remote: 'boolean',
  root: 'boolean',
  responsetime: 'number',
  duration: 'number',
  'http.status': 'number',
  index: 'number',
  'http.url': 'text',
  'http.method': 'text',
  'http.useragent': 'text',
  'http.clientip': 'text',
  user: 'text',
  name: 'text',
  type: 'text',
  message: 'text',
  availabilityzone: 'text',
  'instance.id': 'text',
  'resource.arn': 'text',
};

export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'CONTAINS' | 'BEGINSWITH' | 'ENDSWITH';

/** Which operators a kind of keyword takes. */
export const OPERATORS: Readonly<Record<KeywordKind, readonly Operator[]>> = {
  boolean: ['=', '!='],
  number: ['=', '!=', '<', '<=', '>', '>='],
  text: ['=', '!=', 'CONTAINS', 'BEGINSWITH', 'ENDSWITH'],
};
