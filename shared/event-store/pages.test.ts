import { expect, test } from 'vitest';
import type { CommitItem } from './commit.ts';
import { itemsOfPages } from './pages.ts';

const item = (name: string): CommitItem => ({ s: { S: name } });

test('items come in their order from all pages, an empty one between them too', async () => {
  const pages = new Map([
    [undefined, { Items: [item('a'), item('b')], LastEvaluatedKey: item('b') }],
    ['b', { LastEvaluatedKey: item('c'), ConsumedCapacity: { CapacityUnits: 2 } }],
    ['c', { Items: [item('d')], ConsumedCapacity: { CapacityUnits: 0.5 } }],
  ]);
  const spent: number[] = [];
  const found: CommitItem[] = [];
  const read = async (after: CommitItem | undefined) => pages.get(after?.['s']?.S) ?? {};
  for await (const each of itemsOfPages(read, (units) => spent.push(units))) found.push(each);
  expect(found).toEqual([item('a'), item('b'), item('d')]);
  expect(spent).toEqual([0, 2, 0.5]);
});

test('a page is read only when somebody asks for its items', async () => {
  let read = 0;
  const items = itemsOfPages(async () => {
    read += 1;
    return { Items: [item('a')], LastEvaluatedKey: item('a') };
  });
  expect((await items.next()).value).toEqual(item('a'));
  await items.return(undefined);
  expect(read).toBe(1);
});
