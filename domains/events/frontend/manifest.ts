import { defineDomain } from '#shared/frontend/manifest.ts';
import { allRoles } from '#shared/frontend/roles.ts';

export default defineDomain({
  name: 'events',
  title: 'Events',
  pages: [
    {
      path: 'streams',
      title: 'Streams',
      roles: allRoles,
      navigation: { section: 'Events', order: 10 },
      load: () => import('./streams/streams-page.tsx'),
    },
  ],
});
