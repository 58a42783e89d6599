import './browser.ts';
import { configureStore } from '@reduxjs/toolkit';
import { type RenderResult, render } from '@testing-library/react';
import type { ComponentType } from 'react';
import { Provider } from 'react-redux';
import { createMemoryRouter, RouterProvider } from 'react-router';
import { api } from '../api.ts';
import { IdentityContext } from '../identity.ts';
import { notificationsReducer } from '../notifications.ts';
import type { Role } from '../roles.ts';
import { createFakeApi, type FakeAnswer, type FakeApi, type FakeRequest } from './fake-api.ts';

export interface RenderedPage extends RenderResult {
  fake: FakeApi;
  store: ReturnType<typeof createTestStore>;
  /** Path and search of where the person is. */
  address: () => string;
  /** Headers of the messages shown, newest first. */
  messages: () => string[];
}

function createTestStore(fake: FakeApi) {
  return configureStore({
    reducer: { [api.reducerPath]: api.reducer, notifications: notificationsReducer },
    middleware: (defaults) => defaults({ thunk: { extraArgument: fake.access } }).concat(api.middleware),
  });
}

/** Shows a page as the shell would, at `at`, mounted on `path`, against an API that answers as told. */
export function renderPage(
  Page: ComponentType,
  given: { path?: string; at?: string; roles?: Role[]; answer: (request: FakeRequest) => FakeAnswer },
): RenderedPage {
  const { path = '/', at = '/', roles = ['operator'], answer } = given;
  const fake = createFakeApi(answer);
  const store = createTestStore(fake);
  const elsewhere = path === '*' ? [] : [{ path: '*', element: <p>Another page</p> }];
  const router = createMemoryRouter([{ path, Component: Page }, ...elsewhere], { initialEntries: [at] });
  const identity = { subject: 'me', email: 'me@example.test', tenant: 'main', roles };
  const rendered = render(
    <Provider store={store}>
      <IdentityContext value={identity}>
        <RouterProvider router={router} />
      </IdentityContext>
    </Provider>,
  );
  return {
    ...rendered,
    fake,
    store,
    address: () => router.state.location.pathname + router.state.location.search,
    messages: () => store.getState().notifications.map((each) => each.header),
  };
}
