import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FakeAnswer, problem } from '#shared/frontend/testing/fake-api.ts';
import { renderPage } from '#shared/frontend/testing/render-page.tsx';
import { answerTraces, traceAnswer, traceId, traceItem } from './testing.ts';
import TracePage from './trace-page.tsx';
import TracesPage from './traces-page.tsx';

beforeEach(() => localStorage.clear());
afterEach(cleanup);

const searched = (more: object): FakeAnswer => ({
  body: { items: [], partial: false, searchedBackTo: traceItem.start, ...more },
});

describe('the traces', () => {
  test('show what was asked, how it went and how long it took', async () => {
    renderPage(TracesPage, { answer: answerTraces });
    const link = await screen.findByRole('link', { name: /POST \/api\/v1\/observability\/alert-rules/ });
    expect(link.getAttribute('href')).toContain(`/observability/traces/${traceId}`);
    expect(screen.getByText('Error (409)')).toBeTruthy();
    expect(screen.getByText('94.9 ms')).toBeTruthy();
    expect(screen.getByText('3.207 s')).toBeTruthy();
    expect(screen.getByText(/Response times of 1 trace shown: half within 94.9 ms/)).toBeTruthy();
  });

  test('ask for the traces of one request, and say so', async () => {
    const range = 'from=2026-11-21T08:00:00.000Z&to=2026-11-21T09:00:00.000Z';
    const page = renderPage(TracesPage, { at: `/?request=c-7&${range}`, answer: answerTraces });
    await screen.findByText('Request c-7');
    await waitFor(() => expect(page.fake.requests.length).toBeGreaterThan(0));
    const asked = page.fake.requests.at(-1)?.query;
    expect(asked?.get('filter')).toBe('annotation.correlationId = "c-7"');
    expect(asked?.get('from')).toBe('2026-11-21T08:00:00.000Z');
    await userEvent.click(screen.getByRole('button', { name: 'Remove the request c-7' }));
    expect(page.address()).not.toContain('request=');
  });

  test('keep the expression in the address once it is applied', async () => {
    const page = renderPage(TracesPage, { answer: answerTraces });
    const field = await screen.findByPlaceholderText('All traces');
    fireEvent.change(field, { target: { value: 'responsetime > 1' } });
    expect(page.address()).not.toContain('filter');
    await userEvent.click(screen.getByRole('button', { name: 'Apply' }));
    await waitFor(() => expect(page.fake.requests.at(-1)?.query.get('filter')).toBe('responsetime > 1'));
    await userEvent.click(screen.getByRole('button', { name: 'Add condition' }));
    await waitFor(() =>
      expect(page.fake.requests.at(-1)?.query.get('filter')).toBe('responsetime > 1 AND fault'),
    );
  });

  test('say how far the search has come where it has not come to the end', async () => {
    renderPage(TracesPage, { answer: () => searched({ partial: true, nextCursor: 'more' }) });
    expect((await screen.findAllByText(/0 traces found back to/)).length).toBeGreaterThan(0);
    expect(screen.getByRole('button', { name: 'Load more traces' })).toBeTruthy();
  });

  test('say when there are none, and when the filter lets none through', async () => {
    renderPage(TracesPage, { answer: () => searched({}) });
    expect(await screen.findByText('No traces in this time range')).toBeTruthy();
    cleanup();
    const page = renderPage(TracesPage, { at: '/?filter=fault', answer: () => searched({}) });
    await userEvent.click(await screen.findByRole('button', { name: 'Clear filter' }));
    expect(page.address()).not.toContain('filter');
  });

  test.each([
    { answer: problem(429, 'throttled', 'X-Ray GetTraceSummaries was throttled.'), says: /was throttled/ },
    { answer: problem(400, 'refused-by-x-ray', 'X-Ray GetTraceSummaries: bad filter'), says: /bad filter/ },
    { answer: problem(403, 'forbidden', 'Only for the installation.'), says: /You may not see/ },
  ])('say why they could not be had: $says', async ({ answer, says }) => {
    renderPage(TracesPage, { answer: () => answer });
    expect((await screen.findAllByText(says)).length).toBeGreaterThan(0);
  });
});

const at = (search = '') => ({ path: '/traces/:traceId', at: `/traces/${traceId}${search}` });

const rows = () => within(screen.getByRole('treegrid')).getAllByRole('row').slice(1);

async function wholeTrace() {
  const grid = await screen.findByRole('treegrid');
  await waitFor(() => expect(grid.getAttribute('aria-rowcount')).toBe('5'));
  return grid;
}

describe('a trace', () => {
  test('shows its spans, page after page, in one tree', async () => {
    const page = renderPage(TracePage, { ...at(), answer: answerTraces });
    await wholeTrace();
    expect(page.fake.requests.map(({ query }) => query.get('cursor'))).toEqual([null, '2']);
    expect(rows().map((row) => row.getAttribute('aria-level'))).toEqual(['1', '2', '3', '1']);
    expect(screen.getByRole('heading', { level: 1 }).textContent).toContain(
      'POST /api/v1/observability/alert-rules',
    );
    expect(rows()[1]?.textContent).toContain('on the critical path');
    expect(within(rows()[1] ?? document.body).getByRole('img', { name: 'Error' })).toBeTruthy();
  });

  test('leads to the log lines of exactly this request and to its other traces', async () => {
    renderPage(TracePage, { ...at(), answer: answerTraces });
    const logs = await screen.findByRole('link', { name: 'Log lines of this request' });
    expect(logs.getAttribute('href')).toContain(`/observability/logs?request=${traceId}&from=`);
    expect(screen.getByRole('link', { name: 'c-7' }).getAttribute('href')).toContain(
      '/observability/traces?request=c-7',
    );
  });

  test('is walked, folded and opened with the keyboard', async () => {
    const page = renderPage(TracePage, { ...at(), answer: answerTraces });
    const grid = await wholeTrace();
    grid.focus();
    await userEvent.keyboard('{ArrowDown}{ArrowLeft}');
    expect(rows().map((row) => row.getAttribute('aria-expanded'))).toEqual(['true', 'false', null]);
    await userEvent.keyboard('{ArrowRight}{ArrowRight}{Enter}');
    const details = await screen.findByRole('region', { name: 'Span details' });
    expect(page.address()).toContain('span=DynamoDB');
    for (const text of [
      'PutItem',
      'event-store',
      'r-1',
      'Conflict',
      'somebody was first',
      'send (client.js:1)',
    ])
      expect(within(details).getByText(text, { exact: false })).toBeTruthy();
    await userEvent.click(within(details).getByRole('button', { name: 'Close span details' }));
    expect(page.address()).not.toContain('span=');
  });

  test('shows the span that the address names, however little is unfolded', async () => {
    renderPage(TracePage, { ...at('?span=DynamoDB&levels=1'), answer: answerTraces });
    expect(await screen.findByRole('region', { name: 'Span details' })).toBeTruthy();
    await waitFor(() => expect(rows()).toHaveLength(4));
  });

  test('finds spans by anything they say, with what stands above them', async () => {
    renderPage(TracePage, { ...at('?find=putitem&show=aws'), answer: answerTraces });
    await waitFor(() => expect(screen.getAllByText('1 match').length).toBeGreaterThan(0));
    await waitFor(() => expect(rows()).toHaveLength(3));
  });

  test('offers to clear a search that finds nothing', async () => {
    const page = renderPage(TracePage, { ...at('?find=nonsense'), answer: answerTraces });
    await userEvent.click(await screen.findByRole('button', { name: 'Clear filter' }));
    expect(page.address()).not.toContain('find=');
  });

  test('zooms to a span and back, in the address', async () => {
    const page = renderPage(TracePage, { ...at('?span=DynamoDB'), answer: answerTraces });
    await userEvent.click(await screen.findByRole('button', { name: 'Zoom to span' }));
    expect(page.address()).toContain('zoom=8-32');
    await userEvent.click(screen.getByRole('button', { name: 'Show all of the time' }));
    expect(page.address()).not.toContain('zoom=');
  });

  test('says that it loads, and what it lacks', async () => {
    renderPage(TracePage, { ...at(), answer: () => 'never' });
    expect(screen.getByText('Loading the trace…')).toBeTruthy();
    cleanup();
    const lacking = { ...traceAnswer('2'), cut: true, limitExceeded: true };
    renderPage(TracePage, { ...at(), answer: () => ({ body: lacking }) });
    expect(await screen.findByText('The trace is cut')).toBeTruthy();
    expect(screen.getByText('X-Ray refused parts of the trace')).toBeTruthy();
  });

  test('keeps what it has when the rest cannot be had, and tries again', async () => {
    const grown = problem(409, 'trace-has-grown', 'The trace has grown.');
    const page = renderPage(TracePage, {
      ...at(),
      answer: (request) => (request.query.get('cursor') ? grown : answerTraces(request)),
    });
    expect(await screen.findByText(/The trace has grown/)).toBeTruthy();
    page.fake.answer = answerTraces;
    await userEvent.click(screen.getByRole('button', { name: 'Retry' }));
    await wholeTrace();
  });

  test.each([
    { answer: problem(404, 'not-found', 'X-Ray has no such trace.'), says: /has no such trace/ },
    { answer: problem(403, 'forbidden', 'Only for the installation.'), says: /You may not see/ },
    { answer: problem(502, 'x-ray-failed', 'X-Ray failed.'), says: /X-Ray failed/ },
  ])('says why it could not be had: $says', async ({ answer, says }) => {
    renderPage(TracePage, { ...at(), answer: () => answer });
    expect((await screen.findAllByText(says)).length).toBeGreaterThan(0);
  });
});
