import { configureStore } from '@reduxjs/toolkit';
import { setupListeners } from '@reduxjs/toolkit/query';
import { api } from '#shared/frontend/api.ts';
import type { ApiAccess } from '#shared/frontend/api-access.ts';
import { notificationsReducer } from '#shared/frontend/notifications.ts';

/** The store of one session. `stop` ends its listening to the browser. */
export function createStore(access: ApiAccess) {
  const store = configureStore({
    reducer: { [api.reducerPath]: api.reducer, notifications: notificationsReducer },
    middleware: (defaults) => defaults({ thunk: { extraArgument: access } }).concat(api.middleware),
  });
  return { store, stop: setupListeners(store.dispatch) };
}

export type ConsoleState = ReturnType<ReturnType<typeof createStore>['store']['getState']>;
