import type { Change } from '../terraform/difference.ts';

const signs = { create: '+', update: '~', remove: '-' } as const;

/** Changes as people read them, and how many there are. */
export function changeLines(changes: readonly Change[]): string[] {
  if (changes.length === 0) return ['Nothing differs: everything stands as the Terraform says.'];
  const count = (action: Change['action']) => changes.filter((change) => change.action === action).length;
  return [
    ...changes.map(
      ({ action, address, differs }) =>
        `${signs[action]} ${address}${differs.length > 0 ? ` (${differs.join(', ')})` : ''}`,
    ),
    `${count('create')} to create, ${count('update')} to update, ${count('remove')} to remove.`,
  ];
}
