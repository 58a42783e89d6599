import { describe, expect, test } from 'vitest';
import type { PlatformEvent } from '#shared/definition/reactor.ts';
import { failureOf } from '#shared/runtime/failure.ts';
import { reportedIn } from './reported.ts';

const event = (type: string, detail: unknown): PlatformEvent => ({
  id: 'e1',
  source: 'skafu.sales',
  'detail-type': type,
  time: '2026-01-02T03:04:05Z',
  resources: [],
  detail,
});
const place = { tenant: 'skafu', stream: { type: 'order', id: 'o1' }, version: 3 };
const at = '2026-01-02T03:04:05.000Z';

describe('a failure that a function reported', () => {
  test('is read as it was told, with the event it was about', () => {
    const failure = failureOf(new TypeError('no'), {
      correlationId: 'c1',
      component: 'sales/tell',
      event: { id: 'order/o1/3', ...place },
    });
    expect(reportedIn(event('FunctionFailed', { ...failure, trace: 'Root=1' }))).toEqual({
      fingerprint: failure.fingerprint,
      component: 'sales/tell',
      name: 'TypeError',
      message: 'no',
      stack: failure.stack,
      at,
      correlationId: 'c1',
      trace: 'Root=1',
      target: { kind: 'function', tenant: 'skafu', type: 'order', id: 'o1', version: 3 },
    });
  });

  test('says as much as it says', () => {
    const bare = { fingerprint: 'f', component: 'sales/tell', name: '', message: ' ', event: null };
    expect(reportedIn(event('FunctionFailed', bare))).toEqual({
      fingerprint: 'f',
      component: 'sales/tell',
      name: 'Error',
      message: 'It said nothing.',
      at,
    });
  });
});

describe('a projection that was given up', () => {
  const projection = (error: unknown, more: object = {}) =>
    reportedIn(
      event('ProjectionFailed', {
        readModel: 'sales/open-orders',
        ...place,
        correlationId: 'c1',
        trace: '',
        error,
        ...more,
      }),
    );
  const cause = (errorMessage: string) =>
    JSON.stringify({ errorType: 'TypeError', errorMessage, trace: ['TypeError: no', '    at project'] });

  test('is told by the error that the projector threw', () => {
    expect(projection({ Error: 'TypeError', Cause: cause('row is 12') })).toEqual({
      fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
      component: 'sales/open-orders',
      name: 'TypeError',
      message: 'row is 12',
      stack: 'TypeError: no\n    at project',
      at,
      correlationId: 'c1',
      target: { kind: 'read-model', tenant: 'skafu', type: 'order', id: 'o1', version: 3 },
    });
  });

  test('falls together with others of the same cause', () => {
    const fingerprint = (message: string) => projection({ Cause: cause(message) })?.fingerprint;
    expect(fingerprint('row is 12')).toBe(fingerprint('row is 13'));
    expect(fingerprint('row is 12')).not.toBe(fingerprint('no row'));
  });

  test('is told by what the state machine says where nothing was thrown', () => {
    expect(projection({ Error: 'States.Timeout', Cause: 'It took 30 seconds.' })).toMatchObject({
      name: 'States.Timeout',
      message: 'It took 30 seconds.',
    });
    expect(projection({})).toMatchObject({ name: 'Error', message: 'It said nothing.' });
    expect(projection(undefined)).toMatchObject({ name: 'Error' });
  });

  test('keeps no secret that an error holds', () => {
    expect(projection({ Cause: cause('password=hunter2') })?.message).toBe('password=<secret>');
  });

  test.each([
    { tenant: 1 },
    { stream: { type: 'order' } },
    { stream: { id: 'o1' } },
    { version: 0 },
    { version: 1.5 },
    { version: '3' },
  ])('concerns no stream where it names none: %o', (wrong) => {
    expect(projection({}, wrong)).not.toHaveProperty('target');
  });
});

test.each([
  event('FunctionFailed', { component: 'sales/tell' }),
  event('FunctionFailed', { fingerprint: 'f' }),
  event('FunctionFailed', 'text'),
  event('ProjectionFailed', {}),
  event('SomethingElse', { fingerprint: 'f', component: 'c' }),
])('what is no failure is left alone: %o', (other) => {
  expect(reportedIn(other)).toBeUndefined();
});
