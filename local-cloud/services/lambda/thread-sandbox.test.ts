import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLambdaFixture, type LambdaFixture } from './lambda-fixture.ts';

let lambda: LambdaFixture;

beforeAll(() => {
  lambda = createLambdaFixture({ isolation: 'thread' });
});
afterAll(() => lambda.close());

const invoke = (name: string, event: unknown = {}) => lambda.cloud.ports.functions.invoke(name, event);

test('a function in a thread has its own environment, logs, and is in the process of the local cloud', async () => {
  await lambda.deploy(
    'inside',
    'export const handler = async (event) => { console.log("got", event.n); return { pid: process.pid, name: process.env.AWS_LAMBDA_FUNCTION_NAME }; };',
  );
  const { payload, functionError } = await invoke('inside', { n: 1 });
  expect(functionError).toBeUndefined();
  expect(payload).toEqual({ pid: process.pid, name: 'inside' });
  expect(process.env['AWS_LAMBDA_FUNCTION_NAME']).toBeUndefined();
  expect(lambda.logged.map(({ message }) => message)).toContainEqual(expect.stringContaining('INFO\tgot 1'));
});

test('it ends alone when it loops, exits or throws where nobody catches', async () => {
  const ends = async (name: string, body: string, settings = {}) => {
    await lambda.deploy(name, `export const handler = async () => { ${body} };`, settings);
    return (await invoke(name)).payload;
  };
  expect(await ends('loops', 'for (;;);', { timeout: 0.3 })).toMatchObject({ errorType: 'Sandbox.Timedout' });
  expect(await ends('exits', 'process.exit(3);')).toMatchObject({
    errorType: 'Runtime.ExitError',
    errorMessage: expect.stringMatching(/exit status 3$/u),
  });
  expect(
    await ends(
      'throws',
      'setTimeout(() => { throw new RangeError("later"); }); return new Promise(() => {});',
    ),
  ).toMatchObject({ errorType: 'RangeError', errorMessage: 'later' });
});
