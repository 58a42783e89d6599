import { afterAll, describe, expect, it } from 'vitest';
import { createTestCloud } from '../../../core/testing.ts';
import { JavascriptRuntime } from './runtime.ts';

const cloud = createTestCloud();
const runtime = new JavascriptRuntime(cloud.logger, 700);
afterAll(async () => {
  await runtime.stop();
  cloud.remove();
});

const imports = "import { util, extensions, runtime } from '@aws-appsync/utils';";
const codeOf = (response: string) =>
  `${imports} export function request(ctx) { return {}; } export function response(ctx) { ${response} }`;
const evaluate = (response: string, context: object = {}) =>
  runtime.evaluate(codeOf(response), 'response', { stash: {}, ...context });
const valueBy = async (response: string, context: object = {}) => (await evaluate(response, context)).value;

describe('APPSYNC_JS', () => {
  it('gets the context and answers a value, and what it left in the stash', async () => {
    const { value, stash } = await evaluate(
      'ctx.stash.seen = true; return { ...ctx.args, n: ctx.args.n + 1 };',
      {
        args: { n: 1 },
      },
    );
    expect([value, stash]).toEqual([{ n: 2 }, { seen: true }]);
  });

  it('ends with util.error, and only notes util.appendError', async () => {
    expect(await evaluate("util.error('No.', 'Refused', { a: 1 }, { b: 2 });")).toMatchObject({
      error: { message: 'No.', type: 'Refused', data: { a: 1 }, info: { b: 2 } },
    });
    expect(await evaluate("util.appendError('Half.', 'Part'); return 7;")).toMatchObject({
      value: 7,
      appended: [{ message: 'Half.', type: 'Part' }],
    });
    expect(await evaluate('runtime.earlyReturn({ early: true });')).toMatchObject({
      value: { early: true },
      returned: 'NEXT',
    });
  });

  it('has the utilities of AppSync, and names those that are not there', async () => {
    expect(await valueBy('return util.autoId();')).toMatch(
      /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/,
    );
    expect(await valueBy('return util.autoId() === util.autoId();')).toBe(false);
    expect(await valueBy('return util.autoUlid();')).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
    expect(await valueBy('return util.time.nowISO8601();')).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
    expect(await valueBy("return util.matches('^a+$', 'aaa');")).toBe(true);
    expect(await valueBy("return util.base64Decode(util.base64Encode('Grüße 💥'));")).toBe('Grüße 💥');
    expect(await valueBy("return util.base64Encode('Grüße');")).toBe(Buffer.from('Grüße').toString('base64'));
    expect(await valueBy('return util.authType();', { authType: 'AWS_IAM' })).toBe('IAM Authorization');
    await expect(valueBy('return util.dynamodb.toDynamoDB(1);')).rejects.toThrow(
      'does not support util.dynamodb in APPSYNC_JS',
    );
  });

  it('turns conditions into a filter of a subscription', async () => {
    const set =
      'extensions.setSubscriptionFilter(util.transform.toSubscriptionFilter(ctx.args)); return null;';
    const args = { state: { eq: 'open' }, or: [{ total: { gt: 5 } }, { urgent: { eq: true } }] };
    const open = { fieldName: 'state', operator: 'eq', value: 'open' };
    expect((await evaluate(set, { args })).subscriptionFilter).toEqual({
      filterGroup: [
        { filters: [open, { fieldName: 'total', operator: 'gt', value: 5 }] },
        { filters: [open, { fieldName: 'urgent', operator: 'eq', value: true }] },
      ],
    });
    await expect(evaluate('extensions.setSubscriptionFilter({});')).rejects.toThrow('filterGroup');
  });

  it('reaches nothing of the process', async () => {
    for (const way of [
      'return typeof process + typeof require + typeof fetch + typeof setTimeout;',
      'return typeof globalThis.process + typeof globalThis.Buffer + typeof globalThis.module + typeof globalThis.WebSocket;',
    ])
      expect(await valueBy(way)).toBe('undefined'.repeat(4));
    for (const way of [
      "return ctx.constructor.constructor('return process')().pid;",
      "return util.autoId.constructor('return process')().pid;",
      "return globalThis.constructor.constructor('return process')().pid;",
      "return [].map.constructor('return process')().pid;",
      "return eval('process').pid;",
    ])
      await expect(valueBy(way), way).rejects.toThrow(
        /Code generation from strings|not a function|undefined/,
      );
  });

  it('is ended when it thinks for too long, and the next evaluation works', async () => {
    const long = "const all = 'x'.repeat(9000); let n = 0;";
    const endless = `${long} for (const a of all) for (const b of all) for (const c of all) n += 1; return n;`;
    await expect(valueBy(endless)).rejects.toThrow('took longer than 700 ms');
    const greedy = "const list = ['x']; for (const each of list) list.push(each + list.length); return 0;";
    await expect(valueBy(greedy)).rejects.toThrow(/took longer|too much memory/);
    expect(await valueBy('return 1;')).toBe(1);
    await expect(valueBy('const f = (n) => f(n + 1) + 1; return f(0);')).rejects.toThrow('call stack');
    expect(await valueBy('return 2;')).toBe(2);
  });

  it.each([
    ['async', 'async function f() {}'],
    ['this', 'return this;'],
    ['new', 'return new Date();'],
    ['try', 'try { return 1; } catch (error) { return 2; }'],
    ['throw', "throw 'x';"],
    ['while', 'while (true) {}'],
    ['for with a counter', 'for (let i = 0; i < 3; i += 1) {}'],
    ['++', 'let i = 0; i++;'],
    ['regular expressions', 'return /a/.test("a");'],
    ['import()', "import('node:fs');"],
    ['generators', 'function* f() {}'],
    ['classes', 'class A {}'],
  ])('is refused with %s, as on AWS', (name, response) => {
    expect(() => runtime.check(codeOf(response))).toThrow(name);
  });

  it('is refused without its two functions, with other modules, and where it does not parse', () => {
    expect(() => runtime.check('export function request(ctx) {}')).toThrow('exports no function response');
    expect(() => runtime.check(`import fs from 'node:fs'; ${codeOf('return 1;')}`)).toThrow('node:fs');
    expect(() => runtime.check('export function {')).toThrow('one or more errors');
  });
});
