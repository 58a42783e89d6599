import '#shared/frontend/testing/browser.ts';
import { cleanup, render, screen } from '@testing-library/react';
import { Provider } from 'react-redux';
import { createMemoryRouter, RouterProvider } from 'react-router';
import { afterEach, expect, test } from 'vitest';
import { IdentityContext } from '#shared/frontend/identity.ts';
import type { Role } from '#shared/frontend/roles.ts';
import { createFakeApi } from '#shared/frontend/testing/fake-api.ts';
import { activeHref, breadcrumbs, navigationItems } from './navigation.ts';
import { routes } from './router.tsx';
import { createStore } from './store.ts';
import { SurroundingsContext } from './surroundings.ts';

afterEach(cleanup);

function open(path: string, roles: Role[]): void {
  const fake = createFakeApi(() => ({ body: { items: [] } }));
  const { store } = createStore(fake.access);
  render(
    <Provider store={store}>
      <IdentityContext value={{ subject: 'me', email: 'me@example.test', tenant: 'main', roles }}>
        <SurroundingsContext value={{ environment: 'local', onSignOut: () => undefined }}>
          <RouterProvider router={createMemoryRouter(routes, { initialEntries: [path] })} />
        </SurroundingsContext>
      </IdentityContext>
    </Provider>,
  );
}

test('an address without a page says so and leads back', async () => {
  open('/nothing/here', ['viewer']);
  expect(await screen.findByText('There is no such page')).toBeTruthy();
  expect(document.title).toBe('Not found · Skafu');
}, 30_000);

test('a page that the roles do not allow is forbidden, and says who may open it', async () => {
  open('/observability/alert-rules/new', ['viewer']);
  expect(await screen.findByText(/You may not see “Create alert rule”/)).toBeTruthy();
  expect(screen.getByText(/operator or admin/)).toBeTruthy();
}, 30_000);

test('a page is loaded and shown inside the frame', async () => {
  open('/observability/alert-rules', ['operator']);
  expect(await screen.findByText('No alert rules', {}, { timeout: 20_000 })).toBeTruthy();
  expect(document.title).toBe('Alert rules · Skafu');
}, 30_000);

test('the overview is made of the panels of the domains', async () => {
  open('/', ['viewer']);
  expect(await screen.findByText('Platform health', {}, { timeout: 20_000 })).toBeTruthy();
  expect((await screen.findAllByText('Open alerts')).length).toBeGreaterThan(0);
}, 30_000);

test('the navigation lists what the roles allow and carries the time range along', () => {
  const links = JSON.stringify(navigationItems(['viewer'], '?range=1h'));
  expect(links).toContain('/observability/alerts?range=1h');
  expect(JSON.stringify(navigationItems([], ''))).not.toContain('/observability');
});

test('a page below a listed one belongs to its link and names those above it', () => {
  expect(activeHref('/observability/alert-rules/abc/edit', '')).toBe('/observability/alert-rules');
  expect(breadcrumbs('/observability/alert-rules/abc/edit', '').map(({ text }) => text)).toEqual([
    'Overview',
    'Alert rules',
    'Alert rule',
    'Edit',
  ]);
});
