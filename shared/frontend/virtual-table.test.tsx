import './testing/browser.ts';
import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, expect, test } from 'vitest';
import { type RowOrder, sortRows } from './virtual-rows.ts';
import { type VirtualColumn, VirtualTable } from './virtual-table.tsx';

interface Item {
  id: number;
  name: string;
}

const columns: VirtualColumn<Item>[] = [
  { id: 'id', header: 'Id', width: 80, sort: (item) => item.id, cell: (item) => item.id },
  { id: 'name', header: 'Name', cell: (item) => item.name },
];
const items = (count: number): Item[] =>
  Array.from({ length: count }, (_, index) => ({ id: index + 1, name: `item ${index + 1}` }));

function Shown({ rows }: { rows: readonly Item[] }) {
  const [order, setOrder] = useState<RowOrder>();
  return (
    <VirtualTable
      label="Items"
      columns={columns}
      rows={rows}
      rowKey={(item) => item.id}
      rowName={(item) => item.name}
      details={(item) => <p>More of {item.name}</p>}
      order={order}
      onOrder={setOrder}
    />
  );
}

afterEach(cleanup);

test('of a hundred thousand rows only those in sight exist, and assistive technology is told of all', () => {
  const begin = performance.now();
  render(<Shown rows={items(100_000)} />);
  expect(performance.now() - begin).toBeLessThan(2000);
  expect(screen.getByRole('table', { name: 'Items' }).getAttribute('aria-rowcount')).toBe('100001');
  const rows = screen.getAllByRole('row');
  expect(rows.length).toBeGreaterThan(10);
  expect(rows.length).toBeLessThan(60);
  expect(rows[1]?.getAttribute('aria-rowindex')).toBe('2');
});

test('a row opens and closes, and says so', async () => {
  render(<Shown rows={items(3)} />);
  const opener = screen.getByRole('button', { name: 'Details of item 2' });
  await userEvent.click(opener);
  expect(opener.getAttribute('aria-expanded')).toBe('true');
  expect(screen.getByText('More of item 2')).toBeTruthy();
  await userEvent.click(opener);
  expect(screen.queryByText('More of item 2')).toBeNull();
});

test('the arrow keys, Home and End lead from row to row, and Tab finds one row only', async () => {
  render(<Shown rows={items(1000)} />);
  const focused = () => document.activeElement?.getAttribute('aria-label');
  await userEvent.tab();
  await userEvent.tab();
  expect(focused()).toBe('Details of item 1');
  await userEvent.keyboard('{ArrowDown}{ArrowDown}{ArrowUp}');
  expect(focused()).toBe('Details of item 2');
  await userEvent.keyboard('{End}');
  expect(focused()).toBe('Details of item 1000');
  await userEvent.keyboard('{Home}{ArrowUp}');
  expect(focused()).toBe('Details of item 1');
  await userEvent.tab();
  expect(document.activeElement).toBe(document.body);
});

test('a column orders the rows, one way and then the other', async () => {
  render(<Shown rows={items(50)} />);
  const first = () => screen.getAllByRole('row')[1]?.textContent;
  await userEvent.click(screen.getByRole('button', { name: /^Id/ }));
  expect(screen.getByRole('columnheader', { name: /^Id/ }).getAttribute('aria-sort')).toBe('ascending');
  await userEvent.click(screen.getByRole('button', { name: /^Id/ }));
  expect(screen.getByRole('columnheader', { name: /^Id/ }).getAttribute('aria-sort')).toBe('descending');
  expect(first()).toContain('item 50');
});

test('numbers written as texts are ordered as numbers, before texts, and equal ones keep their places', () => {
  const order = (values: readonly string[], descending = false) =>
    sortRows(values, (value) => value, descending);
  expect(order(['10', 'b', '9', '', 'a'])).toEqual(['9', '10', '', 'a', 'b']);
  expect(order(['1', '2'], true)).toEqual(['2', '1']);
  const pairs = [1, 2, 3].map((id) => ({ id, same: 'x' }));
  expect(sortRows(pairs, ({ same }) => same, false).map(({ id }) => id)).toEqual([1, 2, 3]);
});
