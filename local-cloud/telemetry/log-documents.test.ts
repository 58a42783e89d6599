import { describe, expect, it } from 'vitest';
import { documentOf } from './log-documents.ts';

const whole = { isDocument: true, fragment: null };
const none = { isDocument: false, fragment: null };

describe('the JSON document of a log line', () => {
  it.each([
    ['{"a":1}', whole],
    [' {"a":{"b":"}"}}\n', whole],
    ['plain text', none],
    ['[{"a":1}', { isDocument: false, fragment: '{"a":1}' }],
    ['at 10:00\tINFO\t{"a":"{"}\n', { isDocument: false, fragment: '{"a":"{"}' }],
    ['call {x} gave {"a":1} and {"b":2}', { isDocument: false, fragment: '{"a":1}' }],
    ['{"a":1} {"b":2}', { isDocument: false, fragment: '{"a":1}' }],
    ['{"a":1', none],
    ['} {', none],
    ['{}', whole],
    ['nothing in {}', none],
    // JavaScript takes half of a surrogate pair, and the database does not.
    ['{"a":"\\ud800"}', none],
    ['{"a":"\\ud83d\\ude00"}', whole],
  ])('%j', (message, expected) => {
    expect(documentOf(message)).toEqual(expected);
  });
});
