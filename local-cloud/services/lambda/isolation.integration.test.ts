import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLambdaFixture, type LambdaFixture } from './lambda-fixture.ts';

let lambda: LambdaFixture;

beforeAll(async () => {
  lambda = createLambdaFixture();
  await lambda.deploy('neighbour', 'export const handler = async () => process.pid;', { timeout: 10 });
});
afterAll(() => lambda.close());

const invoke = async (name: string, event: unknown = {}) =>
  (await lambda.cloud.ports.functions.invoke(name, event)).payload;

/** What a function does that it should not, and how its call ends. */
const offences: [what: string, body: string, ending: object, settings?: object][] = [
  [
    'loops without end',
    'for (;;);',
    {
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(/Task timed out after 0.50 seconds$/u),
    },
    { timeout: 0.5 },
  ],
  [
    'writes to its log without end',
    'for (;;) console.log("again and again and again");',
    { errorType: 'Sandbox.Timedout' },
    { timeout: 0.5 },
  ],
  [
    'never answers',
    'return new Promise(() => setInterval(() => {}, 1));',
    { errorType: 'Sandbox.Timedout' },
    { timeout: 0.2 },
  ],
  [
    'exits',
    'process.exit(3);',
    { errorType: 'Runtime.ExitError', errorMessage: expect.stringMatching(/exit status 3$/u) },
  ],
  [
    'exits as if all were well',
    'process.exit();',
    { errorType: 'Runtime.ExitError', errorMessage: expect.stringMatching(/without providing a reason$/u) },
  ],
  [
    'aborts',
    'process.abort();',
    { errorType: 'Runtime.ExitError', errorMessage: expect.stringMatching(/signal: aborted$/u) },
  ],
  [
    'crashes in native code',
    'process.kill(process.pid, "SIGSEGV"); return new Promise(() => {});',
    { errorType: 'Runtime.ExitError', errorMessage: expect.stringMatching(/segmentation fault$/u) },
  ],
  [
    'throws where nobody catches',
    'setTimeout(() => { throw new RangeError("later"); }); return new Promise(() => {});',
    { errorType: 'RangeError', errorMessage: 'later' },
  ],
  [
    'leaves a rejection alone',
    'Promise.reject(new Error("nobody cares")); return new Promise(() => {});',
    { errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: 'Error: nobody cares' },
  ],
  [
    'fills its heap with one list, for which a thread would take the whole process along',
    'const all = []; for (;;) all.push(1);',
    { errorType: 'Runtime.OutOfMemory', errorMessage: expect.stringMatching(/signal: killed$/u) },
    { memory_size: 64 },
  ],
  [
    'takes memory outside of its heap',
    'const all = []; for (;;) all.push(new Uint8Array(1e7).fill(1));',
    { errorType: 'Runtime.OutOfMemory', errorMessage: expect.stringMatching(/signal: killed$/u) },
  ],
  [
    'answers more than it may',
    'return "x".repeat(7e6);',
    { errorType: 'Function.ResponseSizeTooLarge', errorMessage: expect.stringContaining('6291556') },
  ],
];

/** These differ from another one only in what the system says of their end. */
const onlyDeep = ['never answers', 'exits as if all were well', 'aborts', 'leaves a rejection alone'];
const played = offences.filter(([what]) => process.env['SKAFU_DEEP'] === '1' || !onlyDeep.includes(what));

test.each(played)('a function that %s harms nobody else', async (what, body, ending, settings = {}) => {
  const name = what.replaceAll(/\W+/gu, '-').slice(0, 60);
  const source = `export const handler = async (event) => { if (event.good) return 'good'; ${body} };`;
  await lambda.deploy(name, source, { timeout: 30, ...settings });
  const neighbour = await invoke('neighbour');
  let ended = false;
  const offending = invoke(name).finally(() => {
    ended = true;
  });
  let answered = 0;
  do {
    // In the same process as before: it did not even have to be started again.
    expect(await invoke('neighbour')).toBe(neighbour);
    answered += 1;
  } while (!ended);
  expect(await offending).toMatchObject(ending);
  expect(answered).toBeGreaterThan(0);
  expect(await invoke(name, { good: true })).toBe('good');
});

test('a function that leaves timers behind answers, and harms nobody else', async () => {
  const source =
    'export const handler = async () => { setInterval(() => { for (let i = 0; i < 1e6; i++); }, 0); };';
  await lambda.deploy('timers', source);
  const neighbour = await invoke('neighbour');
  expect(await invoke('timers')).toBeNull();
  expect(await invoke('neighbour')).toBe(neighbour);
  expect(await invoke('timers')).toBeNull();
});

test('a function that leaks from call to call is ended and begins anew', async () => {
  const source = `const leak = [];
    export const handler = async () => { leak.push(Buffer.alloc(6e7, 1)); return leak.length; };`;
  await lambda.deploy('leaks', source, { timeout: 30 });
  const answers: unknown[] = [];
  while (!answers.includes(1) || answers.at(-1) !== 1 || answers.length === 1)
    answers.push(await invoke('leaks'));
  expect(answers.length).toBeLessThan(50);
});

test('nothing of its process is left when the local cloud stops', async () => {
  const fixture = createLambdaFixture();
  await fixture.deploy(
    'loops',
    'export const handler = async () => { console.log(process.pid); for (;;); };',
  );
  const call = fixture.cloud.ports.functions.invoke('loops', {});
  await expect.poll(() => fixture.logged.length, { timeout: 10_000 }).toBeGreaterThan(1);
  const pid = Number(fixture.logged[1]?.message.trim().split('\t').at(-1));
  await fixture.close();
  await call;
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});
