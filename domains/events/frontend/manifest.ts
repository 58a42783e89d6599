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
      navigation: { section: 'Events', order: 15 },
      load: () => import('./streams/streams-page.tsx'),
    },
    {
      path: 'streams/:type/:id',
      title: 'Stream',
      roles: allRoles,
      load: () => import('./stream/stream-page.tsx'),
    },
    {
      path: 'failures',
      title: 'Failures',
      roles: allRoles,
      navigation: { section: 'Events', order: 20 },
      load: () => import('./failures/failures-page.tsx'),
    },
    {
      path: 'failures/:failureId',
      title: 'Failure',
      roles: allRoles,
      load: () => import('./failures/failure-page.tsx'),
    },
    {
      path: 'processes',
      title: 'Processes',
      roles: allRoles,
      navigation: { section: 'Events', order: 25 },
      load: () => import('./processes/processes-page.tsx'),
    },
    {
      path: 'read-models',
      title: 'Read models',
      roles: allRoles,
      navigation: { section: 'Events', order: 30 },
      load: () => import('./read-models/read-models-page.tsx'),
    },
    {
      path: 'lineage/:correlationId',
      title: 'Lineage',
      roles: allRoles,
      load: () => import('./lineage/lineage-page.tsx'),
    },
  ],
  overview: [
    {
      id: 'open-failures',
      order: 40,
      width: 'full',
      roles: allRoles,
      load: () => import('./failures/open-failures-panel.tsx'),
    },
  ],
  companions: [
    { id: 'failure-report', roles: allRoles, load: () => import('./failures/failure-report.tsx') },
  ],
});
