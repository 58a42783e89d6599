import type { Standing } from '../core/service.ts';
import type { View } from '../core/view.ts';
import { acceptedTypes } from '../terraform/accepted-types.ts';

/** Everything that the Terraform made, and what of it has no effect here. */
export function resourcesView(resources: Standing['resources'], isReal: (type: string) => boolean): View {
  return {
    id: 'resources',
    title: 'Resources',
    about: 'Everything that the Terraform made, by stack, and what of it is accepted without an effect here.',
    show(query) {
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

const stackOf = (address: string) => address.slice(0, address.indexOf('/'));
