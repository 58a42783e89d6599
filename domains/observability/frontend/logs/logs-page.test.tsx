import { cleanup, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FakeAnswer, problem } from '#shared/frontend/testing/fake-api.ts';
import { renderPage } from '#shared/frontend/testing/render-page.tsx';
import LogsPage from './logs-page.tsx';
import { found, logAnswers, traceId } from './testing.ts';
import type { LogSearch } from './types.ts';

const query = 'fields @message | limit 5';
const ran = `/?${new URLSearchParams({ mode: 'query', query })}`;
const asked = (page: ReturnType<typeof renderPage>, path: string, method = 'GET') =>
  page.fake.requests.filter((each) => each.path === `observability/${path}` && each.method === method);
const show = (lines?: FakeAnswer | LogSearch, at = ran) =>
  renderPage(LogsPage, { at, answer: logAnswers(lines) });

beforeEach(() => localStorage.clear());
afterEach(cleanup);

test('nothing is searched before somebody runs something', async () => {
  const page = show(found, '/');
  await screen.findByRole('button', { name: 'Run' });
  await waitFor(() => expect(asked(page, 'logs/groups')).toHaveLength(1));
  expect(asked(page, 'logs')).toHaveLength(0);
  expect(asked(page, 'logs/histogram')).toHaveLength(0);
});

test('a simple search writes the query, and the address holds what was run', async () => {
  const page = show(found, '/');
  await userEvent.type(await screen.findByRole('searchbox', { name: 'Text' }), 'say "no"');
  await userEvent.keyboard('{Enter}');
  await screen.findByText('Order refused', { exact: false });
  expect(asked(page, 'logs')[0]?.query.get('query')).toContain('filter @message like "say \\"no\\""');
  expect(asked(page, 'logs')[0]?.query.has('groups')).toBe(false);
  expect(new URLSearchParams(page.address().slice(2)).get('text')).toBe('say "no"');
});

test('Ctrl+Enter runs the query that is written', async () => {
  const page = show(found, '/?mode=query');
  const editor = await screen.findByRole('textbox', { name: 'Query' });
  await userEvent.type(editor, 'fields @message');
  await userEvent.keyboard('{Control>}{Enter}{/Control}');
  await waitFor(() => expect(asked(page, 'logs')[0]?.query.get('query')).toBe('fields @message'));
});

test('an address runs what it holds, with its range, and tells what was scanned and what that costs', async () => {
  const range = { from: found.from, to: found.to };
  const page = show(found, `${ran}&${new URLSearchParams(range)}`);
  expect(await screen.findByText(/12,345 lines and .* scanned in 2 log groups/)).toBeTruthy();
  expect(screen.getByText(/\$0\.005 per GB, the list price in us-east-1 of/)).toBeTruthy();
  expect(asked(page, 'logs')[0]?.query.get('from')).toBe(found.from);
  expect(asked(page, 'logs')).toHaveLength(1);
});

test('running the same again asks again', async () => {
  const page = show(found, `${ran}&${new URLSearchParams({ from: found.from, to: found.to })}`);
  await screen.findByText('Order refused', { exact: false });
  await userEvent.click(screen.getByRole('button', { name: 'Run' }));
  await waitFor(() => expect(asked(page, 'logs')).toHaveLength(2));
});

test('the lines of one request are searched in every group, and lead to its traces', async () => {
  const page = show(
    found,
    `/?${new URLSearchParams({ request: 'c-9', from: found.from, to: found.to, groups: '["/x"]' })}`,
  );
  expect(await screen.findByText('All lines of one request')).toBeTruthy();
  expect(asked(page, 'logs')[0]?.query.get('query')).toContain('filter @message like "c-9"');
  expect(asked(page, 'logs')[0]?.query.has('groups')).toBe(false);
  const link = screen.getByRole('link', { name: 'Traces of this request' });
  expect(link.getAttribute('href')).toContain('/observability/traces?request=c-9');
});

test('a query that still runs is followed once by itself, and further only when asked', async () => {
  const running = { ...found, status: 'running' as const, rows: found.rows.slice(0, 1) };
  const page = renderPage(LogsPage, {
    at: ran,
    answer: (request) =>
      request.path === 'observability/logs/q-1' ? { body: running } : logAnswers(running)(request),
  });
  await screen.findByText('The query still runs');
  await waitFor(() => expect(asked(page, 'logs/q-1')).toHaveLength(1));
  await screen.findByText(/It goes on at AWS/);
  page.fake.answer = (request) =>
    request.path === 'observability/logs/q-1' ? { body: found } : logAnswers(running)(request);
  await userEvent.click(screen.getByRole('button', { name: 'Continue' }));
  await waitFor(() => expect(screen.queryByText('The query still runs')).toBeNull());
  expect(screen.getByText(/2 rows shown/)).toBeTruthy();
  expect(asked(page, 'logs/q-1')).toHaveLength(2);
});

test('Cancel stops the query at AWS, and what was found stays', async () => {
  const running = { ...found, status: 'running' as const };
  const page = renderPage(LogsPage, {
    at: ran,
    answer: (request) => {
      if (request.method === 'DELETE') return { body: { queryId: 'q-1', stopped: true } };
      return request.path === 'observability/logs/q-1' ? 'never' : logAnswers(running)(request);
    },
  });
  await screen.findByText('The query still runs');
  await userEvent.click(screen.getByRole('button', { name: 'Cancel' }));
  await screen.findByText('The query was stopped');
  expect(asked(page, 'logs/q-1', 'DELETE')).toHaveLength(1);
  expect(screen.getByText('Order refused', { exact: false })).toBeTruthy();
});

test('a query that nobody looks at any more is stopped', async () => {
  const running = { ...found, status: 'running' as const };
  const page = renderPage(LogsPage, {
    at: ran,
    answer: (request) =>
      request.path === 'observability/logs/q-1' ? { body: running } : logAnswers(running)(request),
  });
  await screen.findByText('The query still runs');
  page.unmount();
  await waitFor(() => expect(asked(page, 'logs/q-1', 'DELETE')).toHaveLength(1));
});

test('what AWS says of a malformed query stands at the editor', async () => {
  const detail = 'unexpected symbol found fiels at line 1 and position 0';
  show(problem(400, 'invalid-input', 'Mend #/query.', [{ pointer: '#/query', detail }]));
  const editor = await screen.findByRole('textbox', { name: 'Query' });
  await screen.findByText(detail);
  expect(editor.getAttribute('aria-invalid')).toBe('true');
  expect(screen.getByText('CloudWatch Logs cannot read the query')).toBeTruthy();
});

test.each([
  ['throttled', problem(429, 'throttled', 'Try again in 5 seconds.'), /Try again in 5 seconds/],
  ['forbidden', problem(403, 'forbidden', 'Only for the installation.'), /You may not see log lines/],
  ['failed', problem(502, 'cloudwatch-logs-failed', 'It broke.'), /Could not load log lines/],
  [
    'too long a range',
    problem(400, 'invalid-input', 'Mend.', [
      { pointer: '#/from', detail: 'must be at most 31 days before to' },
    ]),
    /The start of the range must be at most 31 days before to/,
  ],
  ['empty', { body: { ...found, rows: [] } }, /12,345 lines scanned\. Choose/],
  ['cut', { body: { ...found, cut: 7 } }, /7 rows left out/],
  ['more groups than a query takes', { body: { ...found, groupsLeft: 3 } }, /3 log groups not searched/],
  ['timed out', { body: { ...found, status: 'timed-out' } }, /longer than CloudWatch Logs allows/],
  ['loading', 'never' as const, /Loading log lines/],
])('%s is told', async (_, answer, words) => {
  show(answer);
  expect((await screen.findAllByText(words)).length).toBeGreaterThan(0);
});

test('a row opens to all of it, its trace, its request and the lines around it', async () => {
  const page = show();
  await userEvent.click(await screen.findByRole('button', { name: 'Details of row 1' }));
  const table = screen.getByRole('table', { name: 'Log lines' });
  expect(within(table).getByRole('link', { name: 'Open trace' }).getAttribute('href')).toContain(traceId);
  expect(
    within(table).getByRole('link', { name: 'All lines of this request' }).getAttribute('href'),
  ).toContain('request=c-9');
  await userEvent.click(within(table).getByRole('button', { name: 'Lines around this one' }));
  const lines = within(await within(table).findByRole('list')).getAllByRole('listitem');
  expect(lines.map((line) => line.getAttribute('aria-current'))).toEqual([null, 'true', null]);
  const wish = asked(page, 'logs/context')[0]?.query;
  expect(wish?.get('group')).toBe('/aws/lambda/skafu-local-checkout');
});

test('a bar, chosen with the keyboard, becomes the range', async () => {
  const page = show(found, `${ran}&${new URLSearchParams({ from: found.from, to: found.to })}`);
  const reader = await screen.findByRole('slider', { name: 'Read the lines at a point in time' });
  reader.focus();
  await userEvent.keyboard('{Enter}');
  expect(page.address()).toContain('from=2026-11-21T08%3A55%3A00.000Z&to=2026-11-21T09%3A00%3A00.000Z');
});

test('without the histogram nothing is counted', async () => {
  const page = show(found, `${ran}&histogram=off`);
  await screen.findByText('Order refused', { exact: false });
  expect(asked(page, 'logs/histogram')).toHaveLength(0);
});

test('the order of the rows stands in the address', async () => {
  const page = show();
  await userEvent.click(await screen.findByRole('button', { name: 'Time' }));
  expect(page.address()).toContain('sort=%40timestamp');
  expect(screen.getAllByRole('row')[1]?.textContent).toContain('START RequestId');
});

test('the lines over time are also a table', async () => {
  show(found, `${ran}&${new URLSearchParams({ from: found.from, to: found.to, view: 'table' })}`);
  expect(await screen.findByRole('table', { name: 'Lines over time' }, { timeout: 15_000 })).toBeTruthy();
});
