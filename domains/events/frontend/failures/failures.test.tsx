import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { problem } from '#shared/frontend/testing/fake-api.ts';
import { renderPage } from '#shared/frontend/testing/render-page.tsx';
import FailurePage, { Help as FailureHelp } from './failure-page.tsx';
import FailureReport from './failure-report.tsx';
import FailuresPage, { Help } from './failures-page.tsx';
import { HoursChart } from './hours-chart.tsx';
import OpenFailuresPanel from './open-failures-panel.tsx';
import { failure, held, oneOfEach } from './testing.ts';

beforeEach(() => localStorage.clear());
afterEach(cleanup);

const show = (answer = oneOfEach, roles: ('operator' | 'viewer')[] = ['operator']) =>
  renderPage(FailurePage, { path: '/:failureId', at: '/f1', answer, roles });

describe('the list of failures', () => {
  test('shows the open ones, each with its count and way to the failure', async () => {
    renderPage(FailuresPage, { answer: oneOfEach });
    const link = await screen.findByRole('link', { name: /TypeError: Cannot read/ });
    expect(link.getAttribute('href')).toBe('/events/failures/f1');
    expect(screen.getByText('1,204')).toBeTruthy();
    expect(screen.getByText('observability/alert-rules')).toBeTruthy();
  });

  test('keeps the status in the address, and says when there is none', async () => {
    const page = renderPage(FailuresPage, { answer: oneOfEach });
    await userEvent.click(await screen.findByRole('tab', { name: 'Resolved' }));
    expect(await screen.findByText('No resolved failures')).toBeTruthy();
    expect(page.address()).toContain('status=resolved');
    expect(page.fake.requests.at(-1)?.query.get('status')).toBe('resolved');
  });

  test('says who may see it, and why it could not be had', async () => {
    renderPage(FailuresPage, { answer: () => problem(403, 'forbidden', 'Only the installation may.') });
    expect(await screen.findByText(/Only the installation may/)).toBeTruthy();
    cleanup();
    renderPage(FailuresPage, { answer: () => problem(500, 'unexpected', 'Our fault') });
    expect(await screen.findByText('Could not load failures')).toBeTruthy();
  });
});

describe('a failure', () => {
  test('tells message, stack, streams and history, with the ways to its request', async () => {
    show();
    expect(await screen.findByText(/at project/)).toBeTruthy();
    expect(await screen.findByText('Held')).toBeTruthy();
    expect(await screen.findByText('Failed 500 times')).toBeTruthy();
    expect(screen.getByText('you')).toBeTruthy();
    const [lineage] = screen.getAllByRole('link', { name: 'Lineage' });
    expect(lineage?.getAttribute('href')).toBe('/events/lineage/correlation-1');
    const [trace] = screen.getAllByRole('link', { name: 'Trace' });
    expect(trace?.getAttribute('href')).toBe('/observability/traces/1-68ab12cd-0123456789abcdef01234567');
    expect(screen.getAllByRole('link', { name: 'Log lines' })[0]?.getAttribute('href')).toContain(
      'request=correlation-1',
    );
  });

  test('is redriven when that is confirmed', async () => {
    const page = show();
    await userEvent.click(await screen.findByRole('button', { name: 'Redrive' }));
    const dialog = await screen.findByRole('dialog');
    expect(within(dialog).getByText('2 streams')).toBeTruthy();
    await userEvent.click(within(dialog).getByRole('button', { name: 'Redrive' }));
    await waitFor(() => expect(page.messages()).toEqual(['Redriving 2 streams']));
    expect(page.fake.requests.find(({ method }) => method === 'POST')).toMatchObject({
      path: 'events/failures/f1/redrive',
      body: {},
    });
  });

  test('is redriven for one stream alone', async () => {
    const page = show();
    await userEvent.click(await screen.findByRole('button', { name: 'Redrive alert-rule r1' }));
    const dialog = await screen.findByRole('dialog');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Redrive' }));
    await waitFor(() => expect(page.messages()).toEqual(['Redriving alert-rule r1']));
    expect(page.fake.requests.find(({ method }) => method === 'POST')?.body).toEqual({
      stream: 'main/alert-rule/r1',
    });
  });

  test('is not ignored without a reason', async () => {
    const page = show();
    await userEvent.click(await screen.findByRole('button', { name: 'Ignore' }));
    const dialog = await screen.findByRole('dialog');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Ignore' }));
    expect(await screen.findByText('Enter a reason.')).toBeTruthy();
    expect(page.fake.requests.filter(({ method }) => method === 'POST')).toEqual([]);
    await userEvent.type(within(dialog).getByRole('textbox'), 'Known');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Ignore' }));
    await waitFor(() => expect(page.messages()).toEqual(['Ignored: TypeError']));
    expect(page.fake.requests.find(({ method }) => method === 'POST')).toMatchObject({
      path: 'events/failures/f1/ignore',
      body: { reason: 'Known' },
    });
  });

  test('that was resolved tells by whom and why, and is opened again without a reason', async () => {
    const decision = { by: { type: 'user', id: 'u2' }, at: failure.lastAt, reason: 'Deployed the fix' };
    const page = show((request) =>
      request.method === 'GET' && request.path.endsWith('/f1')
        ? { body: { ...failure, status: 'resolved', affected: 0, decision } }
        : oneOfEach(request),
    );
    expect(await screen.findByText(/Deployed the fix/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Resolve' })).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: 'Open again' }));
    const dialog = await screen.findByRole('dialog');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Open again' }));
    await waitFor(() => expect(page.messages()).toEqual(['Opened again: TypeError']));
    expect(page.fake.requests.find(({ method }) => method === 'POST')?.body).toEqual({});
  });

  test('tells how each stream stands', async () => {
    const states = [
      { state: 'held', redrivenAt: held.since, text: 'Held again' },
      { state: 'failed', text: 'Failed' },
      { state: 'failed', redrivenAt: held.since, text: 'Failed again' },
      { state: 'redriven', text: 'Redriven' },
      { state: 'released', text: 'Released' },
    ];
    for (const { text, ...more } of states) {
      show((request) =>
        request.path.endsWith('/streams') ? { body: { items: [{ ...held, ...more }] } } : oneOfEach(request),
      );
      const table = await screen.findByRole('table', { name: 'Affected streams' });
      expect(await within(table).findByText(text)).toBeTruthy();
      cleanup();
    }
  });

  test('shows what was released, in the address', async () => {
    const page = show();
    await userEvent.click(await screen.findByRole('button', { name: 'Released' }));
    expect(await screen.findByText('No stream was released yet')).toBeTruthy();
    expect(page.address()).toContain('streams=done');
  });

  test('is answered by operators only', async () => {
    show(oneOfEach, ['viewer']);
    const redrive = await screen.findByRole('button', { name: 'Redrive' });
    expect(redrive.getAttribute('aria-disabled') ?? redrive.hasAttribute('disabled')).toBeTruthy();
  });

  test('that is not there says so', async () => {
    show(() => problem(404, 'not-found', 'There is no failure f1.'));
    expect(await screen.findByText('There is no failure f1.')).toBeTruthy();
  });
});

test('the panel of the overview shows the latest five', async () => {
  const items = Array.from({ length: 7 }, (_, index) => ({
    ...failure,
    failureId: `f${index}`,
    name: `Error${index}`,
  }));
  renderPage(OpenFailuresPanel, { answer: () => ({ body: { items } }) });
  expect(await screen.findByText('Error4')).toBeTruthy();
  expect(screen.queryByText('Error5')).toBeNull();
  expect(screen.getByText('The latest 5.')).toBeTruthy();
});

test('the hours of a failure are told in one sentence', () => {
  const now = Date.parse('2026-11-21T10:30:00.000Z');
  const hours = { '2026-11-21T09': 4, '2026-11-21T10': 1, '2026-11-19T10': 100 };
  renderPage(() => <HoursChart hours={hours} now={now} />, { answer: oneOfEach });
  expect(
    screen.getByRole('img', { name: '5 occurrences in the last 24 hours, 4 in the worst hour' }),
  ).toBeTruthy();
});

test.each([Help, FailureHelp])('the help panel speaks of what can be done', (Panel) => {
  renderPage(Panel, { answer: oneOfEach });
  expect(screen.getByRole('heading', { name: /^Failure/ })).toBeTruthy();
});

describe('what fails in the browser', () => {
  const caught = (error: unknown) => fireEvent(window, new CustomEvent('skafu-failure', { detail: error }));

  test('is reported once, however often it comes', async () => {
    const page = renderPage(FailureReport, { answer: () => ({ status: 202, body: {} }) });
    caught(new TypeError('no'));
    caught(new TypeError('no'));
    caught('a text');
    await waitFor(() => expect(page.fake.requests).toHaveLength(2));
    expect(page.fake.requests[0]).toMatchObject({
      path: 'failures',
      method: 'POST',
      body: { name: 'TypeError', message: 'no', page: '/' },
    });
  });

  test('is not reported when it is nobody’s fault, nor without end', async () => {
    const page = renderPage(FailureReport, { answer: () => ({ status: 202, body: {} }) });
    caught(new Error('Failed to fetch dynamically imported module: /a.js'));
    for (let index = 0; index < 30; index++) caught(new Error(`no ${index}`));
    await waitFor(() => expect(page.fake.requests).toHaveLength(20));
  });
});
