import { expect, test } from 'vitest';
import { rolesOfTables, targetOf } from './model-tables.ts';

test('of the two tables of a read model one serves, and the other is filled by a rebuild', () => {
  for (const [serving, idle, generations] of [
    ['rows', 'rows-2', { serving: 1 }],
    ['rows-2', 'rows', { serving: 2 }],
  ] as const) {
    expect(rolesOfTables('rows', generations)).toEqual({ serving, idle });
    expect(targetOf('rows', generations)).toBe(idle);
  }
});

test('the table that a rebuild fills serves from the appointed moment on, and stays the one it fills', () => {
  const turned = { serving: 1, rebuild: 'r', switchAt: Date.now() - 1 } as const;
  expect(rolesOfTables('rows', turned)).toEqual({ serving: 'rows-2', idle: 'rows' });
  expect(targetOf('rows', turned)).toBe('rows-2');
});
