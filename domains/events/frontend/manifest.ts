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
    {
      path: 'streams/:type/:id',
      title: 'Stream',
      roles: allRoles,
      load: () => import('./stream/stream-page.tsx'),
    },
    {
      path: 'lineage/:correlationId',
      title: 'Lineage',
      roles: allRoles,
      load: () => import('./lineage/lineage-page.tsx'),
    },
  ],
});
