import './testing/browser.ts';
import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { MemoryRouter } from 'react-router';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Column, ResourceTable } from './resource-table.tsx';

interface Item {
  id: number;
}

const columns: Column<Item>[] = [{ id: 'id', header: 'Id', cell: ({ id }) => `item ${id}` }];

/** A list that gives so many rows at a time, up to `all`. */
function Shown({ all, atATime, name }: { all: number; atATime: number; name?: string }) {
  const [loaded, setLoaded] = useState(Math.min(all, atATime));
  return (
    <ResourceTable
      id="items"
      title="Items"
      one="item"
      many="items"
      columns={columns}
      list={{
        items: Array.from({ length: loaded }, (_, index) => ({ id: index + 1 })),
        isFetching: false,
        isFetchingMore: false,
        error: undefined,
        hasMore: loaded < all,
        more: () => setLoaded(Math.min(all, loaded + atATime)),
        retry: () => undefined,
      }}
      {...(name ? { listName: name } : {})}
      rowId={({ id }) => String(id)}
      empty="none"
    />
  );
}

const show = (list: { all: number; atATime: number; name?: string }) => (
  <MemoryRouter>
    <Shown {...list} />
  </MemoryRouter>
);
const rows = () => screen.getAllByText(/^item \d+$/).map((cell) => cell.textContent);
const press = (name: string) => userEvent.click(screen.getByRole('button', { name }));

beforeEach(() => localStorage.clear());
afterEach(cleanup);

test('a list of one page has no pages to choose from', () => {
  render(show({ all: 50, atATime: 100 }));
  expect(rows()).toHaveLength(50);
  expect(screen.queryByRole('button', { name: 'Next page' })).toBeNull();
});

test('however much has been loaded, one page of it is drawn', async () => {
  render(show({ all: 1_000, atATime: 500 }));
  expect(rows()).toHaveLength(50);
  expect(screen.getByText('(500+)')).toBeTruthy();
  await press('Next page');
  expect(rows()[0]).toBe('item 51');
  await press('Page 5');
  expect(rows()[0]).toBe('item 201');
});

test('the next page after the last loaded one is loaded and shown', async () => {
  render(show({ all: 150, atATime: 100 }));
  await press('Page 2');
  await press('Next page');
  expect(rows()).toEqual(Array.from({ length: 50 }, (_, index) => `item ${101 + index}`));
  expect(screen.queryByRole('button', { name: 'Load more items' })).toBeNull();
});

test('more rows fill the page that has room for them before another one begins', async () => {
  render(show({ all: 150, atATime: 30 }));
  await press('Load more items');
  expect(rows()).toHaveLength(50);
  expect(rows()[0]).toBe('item 1');
});

test('another list in the same table begins at its first page', async () => {
  const { rerender } = render(show({ all: 100, atATime: 100, name: 'one' }));
  await press('Next page');
  rerender(show({ all: 100, atATime: 100, name: 'other' }));
  expect(rows()[0]).toBe('item 1');
});
