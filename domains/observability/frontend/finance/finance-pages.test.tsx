import { cleanup, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ComponentType } from 'react';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { problem } from '#shared/frontend/testing/fake-api.ts';
import { renderPage } from '#shared/frontend/testing/render-page.tsx';
import CostPage from './cost-page.tsx';
import ForecastPage from './forecast-page.tsx';
import { cost, financeAnswer, noForecast } from './testing.ts';

const pages: Record<string, { Page: ComponentType; loading: RegExp; full: RegExp }> = {
  cost: { Page: CostPage, loading: /Loading the cost…/, full: /Amazon DynamoDB/ },
  forecast: { Page: ForecastPage, loading: /Loading the forecast…/, full: /between .* and/ },
};

beforeEach(() => localStorage.clear());
afterEach(cleanup);

describe.each(Object.entries(pages))('the page of %s', (name, { Page, loading, full }) => {
  test('says that it is loading', async () => {
    renderPage(Page, { answer: () => 'never' });
    expect(await screen.findByText(loading)).toBeTruthy();
  });

  test('shows what there is', async () => {
    renderPage(Page, { at: '/?view=table', answer: financeAnswer });
    expect((await screen.findAllByText(full)).length).toBeGreaterThan(0);
  });

  test('says why it failed, and comes back with Retry', async () => {
    const page = renderPage(Page, { answer: () => problem(429, 'throttled', 'Ask again later.') });
    expect((await screen.findAllByText(/Ask again later/)).length).toBeGreaterThan(0);
    page.fake.answer = financeAnswer;
    const [retry] = screen.getAllByRole('button', { name: 'Retry' });
    if (retry) await userEvent.click(retry);
    expect((await screen.findAllByText(full)).length).toBeGreaterThan(0);
  });

  test('says when the person may not see it', async () => {
    renderPage(Page, { answer: () => problem(403, 'forbidden', 'Only for the installation.') });
    expect((await screen.findAllByText(/You may not see/)).length).toBeGreaterThan(0);
    expect(screen.queryByRole('button', { name: 'Retry' })).toBeNull();
  });

  test('says how old the answer is, and asks AWS again only for the price on the button', async () => {
    const page = renderPage(Page, { at: '/?view=table', answer: financeAnswer });
    const button = await screen.findByRole('button', { name: 'Ask again for $0.01' });
    const again = () => page.fake.requests.filter(({ query }) => query.get('refresh') === 'true');
    expect(again()).toEqual([]);
    await userEvent.click(button);
    expect(await screen.findByText(/09:30:00/)).toBeTruthy();
    expect(again().map(({ path }) => path)).toEqual([`observability/finance/${name}`]);
  });

  test('tells why AWS was not asked again, and keeps what it had', async () => {
    const page = renderPage(Page, { at: '/?view=table', answer: financeAnswer });
    const button = await screen.findByRole('button', { name: 'Ask again for $0.01' });
    page.fake.answer = () => problem(429, 'throttled', 'Try again in 5 seconds.');
    await userEvent.click(button);
    expect(await screen.findByText(/Try again in 5 seconds/)).toBeTruthy();
    expect(screen.getAllByText(full).length).toBeGreaterThan(0);
  });
});

describe('the cost', () => {
  test('is legible from dollars down to millionths, with its share and change', async () => {
    renderPage(CostPage, { at: '/?view=table', answer: financeAnswer });
    const table = await screen.findByRole('table', { name: 'Cost by service' });
    const rows = within(table).getAllByRole('row').slice(1);
    expect(
      rows.map((row) =>
        within(row)
          .getAllByRole('cell')
          .map((cell) => cell.textContent),
      ),
    ).toEqual([
      ['$4.00', '100 %', '$2.00', '+100 %'],
      ['$0.000012', 'under 0.1 %', '$0.00', 'New'],
    ]);
  });

  test('is asked for as the address says', async () => {
    const page = renderPage(CostPage, {
      at: '/?span=custom&first=2026-10-01&last=2026-10-31&by=tag%3Adomain&view=table',
      answer: financeAnswer,
    });
    await screen.findByRole('table', { name: 'Cost by tag: domain' });
    expect(Object.fromEntries(page.fake.requests[0]?.query ?? [])).toEqual({
      from: '2026-10-01',
      to: '2026-11-01',
      granularity: 'daily',
      groupBy: 'tag:domain',
    });
  });

  test('tells when it is not all', async () => {
    renderPage(CostPage, { at: '/?view=table', answer: () => ({ body: { ...cost, partial: true } }) });
    expect(await screen.findByText(/every sum is too low/)).toBeTruthy();
  });

  test('says when nothing was used', async () => {
    const nothing = { ...cost, groups: [], total: 0, previousTotal: 0 };
    renderPage(CostPage, { answer: () => ({ body: nothing }) });
    expect((await screen.findAllByText('No cost in this range')).length).toBeGreaterThan(0);
    expect(screen.getByRole('button', { name: 'Download CSV' }).hasAttribute('disabled')).toBe(true);
  });
});

describe('the forecast', () => {
  test('says in words how sure it is', async () => {
    renderPage(ForecastPage, { answer: financeAnswer });
    expect(await screen.findByText(/80 % sure that a month will cost between/)).toBeTruthy();
  });

  test('without enough history says so, with what is known', async () => {
    renderPage(ForecastPage, {
      at: '/?view=table',
      answer: (request) => (request.path.endsWith('forecast') ? { body: noForecast } : { body: cost }),
    });
    expect(await screen.findByText('Not enough history yet')).toBeTruthy();
    expect(screen.getByText(/Insufficient amount of historical data/)).toBeTruthy();
    expect(await screen.findByText('$3.00')).toBeTruthy();
  });

  test('stands also where the cost before could not be had', async () => {
    renderPage(ForecastPage, {
      answer: (request) =>
        request.path.endsWith('cost') ? problem(502, 'failed', 'No cost.') : financeAnswer(request),
    });
    expect(await screen.findByText(/80 % sure/)).toBeTruthy();
    expect(await screen.findByText(/Could not load the cost so far/)).toBeTruthy();
  });
});
