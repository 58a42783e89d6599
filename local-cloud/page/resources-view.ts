import type { Standing } from '../core/service.ts';
import type { Block, View } from '../core/view.ts';
import { acceptedTypes } from '../terraform/accepted-types.ts';
import type { Change } from '../terraform/difference.ts';

/** Everything that the Terraform made, and what of it has no effect here. */
export function resourcesView(
  standing: () => Standing['resources'],
  isReal: (type: string) => boolean,
  plan: () => Promise<Change[]>,
): View {
  return {
    id: 'resources',
    title: 'Resources',
    about: 'Everything that the Terraform made, by stack, and what of it is accepted without an effect here.',
    async show(query) {
      const resources = standing();
      const stacks = [...new Set(resources.map(({ address }) => stackOf(address)))].sort();
      const stack = query.get('stack') ?? '';
      const contains = query.get('contains') ?? '';
      const found = resources.filter(
        ({ address }) => (stack === '' || stackOf(address) === stack) && address.includes(contains),
      );
      const real = found.filter(({ type }) => isReal(type));
      const accepted = found.filter(({ type }) => !isReal(type));
      return [
        {
          kind: 'choice',
          inputs: [
            { name: 'stack', label: 'Stack', value: stack, options: ['', ...stacks] },
            { name: 'contains', label: 'Address contains', value: contains },
          ],
        },
        await planned(plan),
        {
          kind: 'table',
          title: `Resources (${real.length} of ${resources.length})`,
          columns: ['Address', 'ARN or id'],
          rows: real.map(({ address, attributes }) => [
            address,
            String(attributes['arn'] ?? attributes['id'] ?? ''),
          ]),
          empty: 'No resource has such an address.',
        },
        {
          kind: 'table',
          title: `Accepted, no local effect (${accepted.length})`,
          columns: ['Address', 'Why nothing needs to happen'],
          rows: accepted.map(({ address, type }) => [address, acceptedTypes[type]?.reason ?? '']),
          empty: 'There is none.',
        },
      ];
    },
  };
}

/** What the Terraform on disk says otherwise than what stands. */
async function planned(plan: () => Promise<Change[]>): Promise<Block> {
  try {
    return {
      kind: 'table',
      title: 'Changes of the Terraform that are not applied',
      columns: ['Action', 'Address', 'What differs'],
      rows: (await plan()).map(({ action, address, differs }) => [
        { text: action, tone: 'busy' },
        address,
        differs.join(', '),
      ]),
      empty: 'Everything stands as the Terraform says.',
    };
  } catch (error) {
    return { kind: 'text', title: 'The Terraform cannot be read', text: String(error) };
  }
}

const stackOf = (address: string) => address.slice(0, address.indexOf('/'));
