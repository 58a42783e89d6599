import { createBrowserRouter, type RouteObject } from 'react-router';
import { mountedPages } from '../domains.ts';
import { DomainPage } from './domain-page.tsx';
import { NotFoundPage } from './not-found-page.tsx';
import { OverviewPage } from './overview-page.tsx';
import { Shell } from './shell.tsx';

/** The console's routes: the overview, every page of every domain, and a page for what is none. */
export const routes: RouteObject[] = [
  {
    path: '/',
    Component: Shell,
    children: [
      { index: true, Component: OverviewPage },
      ...mountedPages.map((mounted) => ({
        path: mounted.address,
        element: <DomainPage key={mounted.address} page={mounted.page} />,
      })),
      { path: '*', Component: NotFoundPage },
    ],
  },
];

export function createConsoleRouter(): ReturnType<typeof createBrowserRouter> {
  return createBrowserRouter(routes);
}
