import { expect, test } from 'vitest';
import { csvOf } from './csv.ts';

test('rows are lines, and what separates or quotes is quoted', () => {
  expect(
    csvOf([
      ['Service', 'US dollars'],
      ['a "b", c', 0.5],
    ]),
  ).toBe('Service,US dollars\r\n"a ""b"", c",0.5\r\n');
});

test('what a spreadsheet would compute stays a text, and a number is one however it is written', () => {
  expect(csvOf([['=1+1', '@x', '-2+3', '-2', -2]])).toBe("'=1+1,'@x,'-2+3,-2,-2\r\n");
});
