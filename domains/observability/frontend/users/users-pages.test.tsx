import { cleanup, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ComponentType } from 'react';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FakeAnswer, type FakeRequest, problem } from '#shared/frontend/testing/fake-api.ts';
import { renderPage } from '#shared/frontend/testing/render-page.tsx';
import type { User } from './api.ts';
import UserPage from './user-page.tsx';
import UsersPage from './users-page.tsx';

const ada: User = {
  username: 'u-1',
  subject: 'u-1',
  email: 'ada@skafu.example',
  emailVerified: true,
  tenant: 'skafu',
  status: 'CONFIRMED',
  enabled: true,
  createdAt: '2026-11-01T08:00:00.000Z',
  modifiedAt: '2026-11-02T08:00:00.000Z',
};

function answer({ path }: FakeRequest): FakeAnswer {
  if (path === 'observability/users')
    return { body: { items: [ada, { ...ada, username: 'u-2', enabled: false }] } };
  if (path === 'observability/users/u-1') return { body: { ...ada, groups: ['operator', 'viewer'] } };
  return { status: 404, body: { title: 'Not found', status: 404 } };
}

const pages: Record<
  string,
  { Page: ComponentType; path?: string; at?: string; loading: RegExp; full: RegExp }
> = {
  users: { Page: UsersPage, loading: /Loading users/, full: /ada@skafu.example/ },
  user: { Page: UserPage, path: '/:username', at: '/u-1', loading: /Loading the user/, full: /verified/ },
};

beforeEach(() => localStorage.clear());
afterEach(cleanup);

describe.each(Object.entries(pages))('the page of %s', (_, { Page, loading, full, ...mount }) => {
  const shown = { ...mount, roles: ['admin' as const] };

  test('says that it is loading', async () => {
    renderPage(Page, { ...shown, answer: () => 'never' });
    expect((await screen.findAllByText(loading)).length).toBeGreaterThan(0);
  });

  test('shows what there is', async () => {
    renderPage(Page, { ...shown, answer });
    expect((await screen.findAllByText(full)).length).toBeGreaterThan(0);
  });

  test('says why it failed, and comes back with Retry', async () => {
    const page = renderPage(Page, { ...shown, answer: () => problem(502, 'failed', 'Ask again later.') });
    expect(await screen.findByText(/Ask again later/)).toBeTruthy();
    page.fake.answer = answer;
    await userEvent.click(screen.getByRole('button', { name: 'Retry' }));
    expect((await screen.findAllByText(full)).length).toBeGreaterThan(0);
  });

  test('says when the person may not see it', async () => {
    renderPage(Page, { ...shown, answer: () => problem(403, 'forbidden', 'This needs the role admin.') });
    expect(await screen.findByText(/You may not see/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Retry' })).toBeNull();
  });
});

test('a disabled account says so, whatever its status', async () => {
  renderPage(UsersPage, { roles: ['admin'], answer });
  expect(await screen.findByText('Disabled')).toBeTruthy();
  expect(screen.getByText('Confirmed')).toBeTruthy();
});

test('no accounts are said to be none', async () => {
  renderPage(UsersPage, { roles: ['admin'], answer: () => ({ body: { items: [] } }) });
  expect(await screen.findByText('No users')).toBeTruthy();
});

test('a search stands in the address, is asked of the API, and can be cleared', async () => {
  const page = renderPage(UsersPage, {
    at: '/?by=name&prefix=Nobody',
    roles: ['admin'],
    answer: ({ query }) => ({ body: { items: query.has('prefix') ? [] : [ada] } }),
  });
  const clear = await screen.findByRole('button', { name: 'Clear filter' });
  expect(Object.fromEntries(page.fake.requests[0]?.query ?? [])).toEqual({
    by: 'name',
    prefix: 'Nobody',
    limit: '60',
  });
  await userEvent.click(clear);
  expect(await screen.findByText('ada@skafu.example')).toBeTruthy();
  expect(page.address()).toBe('/?by=name');
});

test('more users come when they are wanted', async () => {
  const page = renderPage(UsersPage, {
    roles: ['admin'],
    answer: ({ query }) =>
      query.has('cursor')
        ? { body: { items: [{ ...ada, username: 'u-3', email: 'grace@skafu.example' }] } }
        : { body: { items: [ada], nextCursor: 'page-2' } },
  });
  await userEvent.click(await screen.findByRole('button', { name: 'Load more users' }));
  expect(await screen.findByText('grace@skafu.example')).toBeTruthy();
  await waitFor(() => expect(page.fake.requests.at(-1)?.query.get('cursor')).toBe('page-2'));
});

test('one user shows roles, and leads to the log lines that name them', async () => {
  renderPage(UserPage, { path: '/:username', at: '/u-1', roles: ['admin'], answer });
  expect(await screen.findByText('operator')).toBeTruthy();
  const link = screen.getByRole('link', { name: 'Log lines of the last day' });
  expect(link.getAttribute('href')).toBe('/observability/logs?search=on&text=u-1&range=1d');
});
