import '@cloudscape-design/global-styles/index.css';
import './console.css';
import { I18nProvider } from '@cloudscape-design/components/i18n';
import messages from '@cloudscape-design/components/i18n/messages/all.en';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Provider } from 'react-redux';
import { RouterProvider } from 'react-router';
import { createApiAccess } from '#shared/frontend/api-access.ts';
import { type Identity, IdentityContext } from '#shared/frontend/identity.ts';
import { followSystemColorMode } from '../color-mode-choice.ts';
import type { Session } from '../session.ts';
import type { Settings } from '../settings.ts';
import { createConsoleRouter } from './router.tsx';
import { createStore } from './store.ts';
import { SurroundingsContext } from './surroundings.ts';

export interface ConsoleProps {
  settings: Settings;
  session: Session;
  identity: Identity;
  /** Called when the person signs out, or with a message when the session ended by itself. */
  onSignedOut: (message?: string) => void;
}

/** Shows the signed-in console in `root` and answers how to take it away. */
export function mountConsole(root: HTMLElement, props: ConsoleProps): () => void {
  const { settings, session, identity, onSignedOut } = props;
  followSystemColorMode();
  const access = createApiAccess({
    fetch: (input, options) => fetch(input, options),
    token: session.token,
    signedOut: () => onSignedOut('Your session ended. Sign in again; you will come back to the same page.'),
  });
  const { store, stop } = createStore(access);
  const router = createConsoleRouter();
  const surroundings = { environment: settings.environment, onSignOut: () => onSignedOut() };
  const mounted = createRoot(root);
  mounted.render(
    <StrictMode>
      <I18nProvider locale="en" messages={[messages]}>
        <Provider store={store}>
          <IdentityContext value={identity}>
            <SurroundingsContext value={surroundings}>
              <RouterProvider router={router} />
            </SurroundingsContext>
          </IdentityContext>
        </Provider>
      </I18nProvider>
    </StrictMode>,
  );
  return () => {
    mounted.unmount();
    router.dispose();
    stop();
  };
}
