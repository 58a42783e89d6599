import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EvaluationError, evaluate } from './evaluate.ts';
import { parseTemplate } from './parser.ts';
import { ExpressionError } from './syntax.ts';

const names: Record<string, unknown> = {
  aws_sqs_queue: {
    work: { arn: 'arn:q', tags: { team: 'a b' }, set: [{ name: 'x' }, { name: 'y' }], delay: 5 },
  },
  data: { aws_region: { here: { name: 'us-east-1' } } },
  'with-dash': { 'in-here': [10, 20] },
  local: { on: true, nothing: null },
};
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'expressions-'));
  writeFileSync(join(folder, 'a.txt'), 'hello');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const value = (text: string) =>
  evaluate(parseTemplate(text), {
    folder,
    lookup: (name) => (Object.hasOwn(names, name) ? names[name] : undefined),
  });

describe('a Terraform expression', () => {
  it.each([
    ['plain text', 'plain text'],
    ['', ''],
    ['${aws_sqs_queue.work.arn}', 'arn:q'],
    ['${aws_sqs_queue.work.delay}', 5],
    ['${aws_sqs_queue.work.tags}', { team: 'a b' }],
    ['${aws_sqs_queue.work.tags["team"]}', 'a b'],
    ['${aws_sqs_queue.work.set[1].name}', 'y'],
    ['${aws_sqs_queue.work.set.0.name}', 'x'],
    ['${aws_sqs_queue.work.set[*].name}', ['x', 'y']],
    ['${aws_sqs_queue.work.set.*.name}', ['x', 'y']],
    ['${with-dash.in-here[0]}', 10],
    ['<${aws_sqs_queue.work.arn}/${data.aws_region.here.name}>', '<arn:q/us-east-1>'],
    ['{"Resource":"${aws_sqs_queue.work.arn}"}', '{"Resource":"arn:q"}'],
    ['n=${aws_sqs_queue.work.delay + 1}', 'n=6'],
    ['$${stage}/%%{if}', '${stage}/%{if}'],
    ['back\\slash', 'back\\slash'],
    ['${"a\\n\\"b\\" ${aws_sqs_queue.work.arn} \\u00e9 $${x}"}', 'a\n"b" arn:q é ${x}'],
    ['${local.on ? "yes" : "no"}', 'yes'],
    ['${1 + 2 * 3 - 4 / 2}', 5],
    ['${!local.on || 3 >= 2 && 1 != 2}', true],
    ['${(1 + 2) * -3}', -9],
    ['${[1, "a", true, null]}', [1, 'a', true, null]],
    ['${{a = 1, "b" = 2, "c": [3]}}', { a: 1, b: 2, c: [3] }],
    ['${local.nothing}', null],
  ])('%s', (text, expected) => {
    expect(value(text)).toEqual(expected);
  });

  it.each([
    [
      '${jsonencode({"b" = [aws_sqs_queue.work.arn], "a" = "<&>"})}',
      '{"a":"\\u003c\\u0026\\u003e","b":["arn:q"]}',
    ],
    ['${join("-", ["a", "b"], ["c"])}', 'a-b-c'],
    ['${split(",", "a,b")}', ['a', 'b']],
    ['${replace("a.b.c", ".", "/")}', 'a/b/c'],
    ['${replace("abc", "/[ab]/", "x")}', 'xxc'],
    ['${format("%s-%03d-%.1f-%%-%q", "a", 7, 1.25, "b")}', 'a-007-1.3-%-"b"'],
    ['${upper(lower("AbC"))}', 'ABC'],
    ['${element(["a", "b"], 3)}', 'b'],
    ['${concat(["a"], ["b"])}', ['a', 'b']],
    ['${merge({a = 1}, {a = 2, b = 3})}', { a: 2, b: 3 }],
    ['${concat([["a"], ["b"]]...)}', ['a', 'b']],
    ['${tonumber("12")}', 12],
    ['${tostring(12)}', '12'],
    ['${toset(["a", "a", "b"])}', ['a', 'b']],
    ['${length("añ")}', 2],
    ['${substr("hello", 1, 3)}', 'ell'],
    ['${substr("hello", -2, -1)}', 'lo'],
    ['${trimprefix("https://x", "https://")}', 'x'],
    ['${trimsuffix("x.zip", ".zip")}', 'x'],
    ['${base64encode("hi")}', 'aGk='],
    ['${lookup({a = 1}, "b", 2)}', 2],
    ['${keys({b = 1, a = 2})}', ['a', 'b']],
    ['${values({b = 1, a = 2})}', [2, 1]],
    ['${coalesce(null, "", "c")}', 'c'],
    ['${flatten([["a"], [["b"]]])}', ['a', 'b']],
    ['${tolist(aws_sqs_queue.work.set)[0].name}', 'x'],
    ['${try(aws_sqs_queue.work.missing, "fallback")}', 'fallback'],
    ['${file("a.txt")}', 'hello'],
    ['${range(3)}', [0, 1, 2]],
  ])('%s', (text, expected) => {
    expect(value(text)).toEqual(expected);
  });

  it('hashes files', () => {
    const hash = createHash('sha256').update('hello');
    expect(value('${filebase64sha256("a.txt")}')).toBe(hash.copy().digest('base64'));
    expect(value('${filesha256("${"a"}.txt")}')).toBe(hash.digest('hex'));
  });

  it.each([
    ['${aws_sqs_queue.work.missing}', 'aws_sqs_queue.work.missing has no value here'],
    ['${nothing.here}', 'There is nothing named "nothing"'],
    ['${cidrsubnet("10.0.0.0/8", 8, 1)}', 'The Terraform function "cidrsubnet" is not supported'],
    ['${constructor("x")}', 'The Terraform function "constructor" is not supported'],
    ['${file("b.txt")}', 'The file b.txt does not exist'],
    ['${aws_sqs_queue.work.set[7]}', 'the list has 2 elements'],
    ['x ${aws_sqs_queue.work.tags}', 'cannot become part of a string'],
  ])('%s is refused: %s', (text, message) => {
    expect(() => value(text)).toThrow(EvaluationError);
    expect(() => value(text)).toThrow(message);
  });

  it.each(['${', '${a', '${a.}', '${"a}', '${a[}', '${f(}', '${[1, }', '%{if true}', '${[for x in y : x]}'])(
    '%s is no expression',
    (text) => {
      expect(() => value(text)).toThrow(ExpressionError);
    },
  );
});
