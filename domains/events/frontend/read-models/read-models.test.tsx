import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { problem } from '#shared/frontend/testing/fake-api.ts';
import { renderPage } from '#shared/frontend/testing/render-page.tsx';
import ReadModelsPage, { Help } from './read-models-page.tsx';
import type { ReadModel, Rebuild } from './types.ts';

beforeEach(() => localStorage.clear());
afterEach(cleanup);

const price = {
  region: 'us-east-1',
  since: '2024-11-01',
  perMillionReadUnits: 0.125,
  perMillionWriteUnits: 0.625,
};
const estimate = {
  items: 1_204,
  bytes: 400_000,
  rows: 50,
  readUnits: 98,
  writeUnits: 100,
  dollars: 0.016,
  seconds: 16,
};
const orders: ReadModel = {
  model: 'sales/orders',
  follows: ['order', 'parcel'],
  rows: 50,
  bytes: 20_480,
  lagSeconds: 0,
  estimate,
};
const rebuild: Rebuild = {
  rebuildId: 'r1',
  status: 'copying',
  startedBy: { type: 'user', id: 'me' },
  startedAt: '2026-01-02T03:04:05.000Z',
  lastAt: '2026-01-02T03:05:05.000Z',
  progress: { items: 500, events: 700, rows: 25, rowsPerSecond: 12 },
  share: 0.4,
  secondsLeft: 9,
};

function show(model: Partial<ReadModel> = {}, roles: ('operator' | 'viewer')[] = ['operator']) {
  return renderPage(ReadModelsPage, {
    roles,
    answer: ({ method }) =>
      method === 'GET'
        ? { body: { items: [{ ...orders, ...model }], price } }
        : { body: { stream: 'rebuild/r1', version: 1 } },
  });
}

describe('the list of read models', () => {
  test('shows what each follows, how far it is behind, and that it was never rebuilt', async () => {
    show();
    expect(await screen.findByText('sales/orders')).toBeTruthy();
    expect(screen.getByText('order, parcel')).toBeTruthy();
    expect(screen.getByText('0 s')).toBeTruthy();
    expect(screen.getByText('Never rebuilt')).toBeTruthy();
    cleanup();
    show({ follows: 'everything', lagSeconds: 90 });
    expect(await screen.findByText('Every stream')).toBeTruthy();
    expect(screen.getByText('90 s')).toBeTruthy();
    cleanup();
    show({ follows: 'processes' });
    expect(await screen.findByText('Every process')).toBeTruthy();
  });

  test('tells time, units and price before a rebuild starts', async () => {
    const page = show();
    await userEvent.click(await screen.findByRole('button', { name: 'Rebuild sales/orders' }));
    const dialog = await screen.findByRole('dialog');
    expect(within(dialog).getByText('About 16 s')).toBeTruthy();
    expect(within(dialog).getByText('About $0.016')).toBeTruthy();
    expect(within(dialog).getByText(/us-east-1 since 2024-11-01/)).toBeTruthy();
    await userEvent.click(within(dialog).getByRole('button', { name: 'Rebuild' }));
    await waitFor(() => expect(page.messages()).toEqual(['Started the rebuild of sales/orders']));
    expect(page.fake.requests.find(({ method }) => method === 'POST')).toMatchObject({
      path: 'events/rebuilds',
      body: { model: 'sales/orders' },
    });
  });

  test('shows how far a rebuild is, and cancels it with a reason', async () => {
    const page = show({ rebuild });
    expect(await screen.findByText('25 rows, 12 rows/s, about 9 s left')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Cancel the rebuild of sales/orders' }));
    const dialog = await screen.findByRole('dialog');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Cancel rebuild' }));
    expect(await within(dialog).findByText('Enter a reason.')).toBeTruthy();
    fireEvent.change(within(dialog).getByRole('textbox'), { target: { value: 'The wrong one.' } });
    await userEvent.click(within(dialog).getByRole('button', { name: 'Cancel rebuild' }));
    await waitFor(() => expect(page.messages()).toEqual(['Cancelled the rebuild of sales/orders']));
    expect(page.fake.requests.find(({ method }) => method === 'POST')).toMatchObject({
      path: 'events/rebuilds/r1/cancellation',
      body: { reason: 'The wrong one.' },
    });
  });

  test.each([
    ['planning', 'Planning'],
    ['switching', 'Switching readers'],
    ['switched', 'Rebuilt'],
    ['cancelled', 'Cancelled'],
    ['failed', 'Failed'],
  ] as const)('says that a rebuild is %s', async (status, text) => {
    show({ rebuild: { ...rebuild, status, reason: 'So it was.' } });
    expect(await screen.findByText(text)).toBeTruthy();
    expect(screen.getByText('So it was.')).toBeTruthy();
  });

  test('lets only operators act, and nobody once readers turn', async () => {
    show({}, ['viewer']);
    const start = await screen.findByRole('button', { name: 'Rebuild sales/orders' });
    expect(start.getAttribute('aria-disabled')).toBe('true');
    cleanup();
    show({ rebuild: { ...rebuild, status: 'switching' } });
    const cancel = await screen.findByRole('button', { name: 'Cancel the rebuild of sales/orders' });
    expect(cancel.getAttribute('aria-disabled')).toBe('true');
  });

  test('says why it could not be had, and what it means', async () => {
    renderPage(ReadModelsPage, { answer: () => problem(403, 'forbidden', 'Only the installation may.') });
    expect(await screen.findByText(/Only the installation may/)).toBeTruthy();
    cleanup();
    renderPage(ReadModelsPage, { answer: () => problem(500, 'unexpected', 'Our fault') });
    expect(await screen.findByText('Could not load read models')).toBeTruthy();
    cleanup();
    renderPage(Help, { answer: () => problem(500, 'unexpected', 'Our fault') });
    expect(screen.getByText(/makes every row anew/)).toBeTruthy();
  });
});
