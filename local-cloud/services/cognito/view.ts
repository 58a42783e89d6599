import type { View } from '../../core/view.ts';
import type { Cognito } from './context.ts';

const mostShown = 200;

/** The people of every user pool, and how they stand. */
export function usersView({ registry, directory }: Cognito): View {
  return {
    id: 'users',
    title: 'Users',
    about: 'Everybody in a user pool, by pool and username.',
    show(query) {
      const pools = [...registry.pools.values()];
      const chosen = query.get('pool') ?? '';
      const found = pools
        .filter(({ name }) => chosen === '' || name === chosen)
        .flatMap((pool) => directory.list(pool.id).map((user) => ({ pool, user })));
      return [
        {
          kind: 'choice',
          inputs: [
            {
              name: 'pool',
              label: 'User pool',
              value: chosen,
              options: ['', ...pools.map(({ name }) => name)],
            },
          ],
        },
        {
          kind: 'table',
          title: `Users (${Math.min(found.length, mostShown)} of ${found.length})`,
          columns: ['User pool', 'Username', 'E-mail', 'Status', 'Second factor', 'Groups'],
          rows: found
            .slice(0, mostShown)
            .map(({ pool, user }) => [
              pool.name,
              user.username,
              user.attributes['email'] ?? '',
              user.enabled ? user.status : { text: 'disabled', tone: 'bad' },
              user.softwareToken?.enabled ? 'authenticator app' : '',
              user.groups.join(', '),
            ]),
          empty: 'There is nobody.',
        },
      ];
    },
  };
}
