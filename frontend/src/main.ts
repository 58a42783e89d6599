import { preload } from './domains.ts';
import { loadSettings } from './settings.ts';

/** Amplify keeps its tokens under such keys; finding one lets the right half of the console load at once. */
const sessionKey = /^CognitoIdentityServiceProvider\..*\.LastAuthUser$/;

let unmount: (() => void) | undefined;

function rootElement(): HTMLElement {
  const root = document.getElementById('root');
  if (!root) throw new Error('index.html has no element “root”.');
  return root;
}

function hasSession(): boolean {
  return Object.keys(localStorage).some((key) => sessionKey.test(key));
}

async function start(): Promise<void> {
  const settingsLoading = loadSettings();
  settingsLoading.catch(() => undefined);
  await firstPaint();
  const likely = hasSession() ? Promise.all([loadConsole(), preload(location.pathname)]) : loadSignIn();
  // Each module is awaited where it is needed; loading it early must not fail on its own.
  likely.catch(() => undefined);
  const [settings, { openSession }] = await Promise.all([settingsLoading, import('./session.ts')]);
  const session = openSession(settings);

  const showConsole = async (): Promise<void> => {
    const identity = await session.identity();
    if (!identity) return showSignIn();
    const { mountConsole } = await loadConsole();
    replace((root) => mountConsole(root, { settings, session, identity, onSignedOut: endSession }));
  };
  const showSignIn = async (message?: string): Promise<void> => {
    const { mountSignIn } = await loadSignIn();
    replace((root) => mountSignIn(root, { settings, session, message, onSignedIn: () => run(showConsole) }));
  };
  const endSession = (message?: string): void => {
    run(async () => {
      await session.signOut();
      await showSignIn(message);
    });
  };
  window.addEventListener('storage', (event) => {
    const ended = event.newValue === null && sessionKey.test(event.key ?? '');
    if (ended) run(() => showSignIn('You signed out in another tab.'));
  });
  await showConsole();
}

/** Lets the browser show the skeleton before scripts keep it busy; a hidden tab paints nothing and does not wait. */
function firstPaint(): Promise<void> {
  if (document.hidden) return Promise.resolve();
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
}

function loadConsole(): Promise<typeof import('./console/console.tsx')> {
  return import('./console/console.tsx');
}

function loadSignIn(): Promise<typeof import('./sign-in/sign-in.tsx')> {
  return import('./sign-in/sign-in.tsx');
}

function replace(mount: (root: HTMLElement) => () => void): void {
  unmount?.();
  unmount = mount(rootElement());
}

function run(step: () => Promise<void>): void {
  step().catch(showFailure);
}

/** Says why the console cannot start; nothing of it may be loaded by then, so this is plain HTML. */
function showFailure(error: unknown): void {
  unmount?.();
  unmount = undefined;
  const frame = document.createElement('div');
  frame.className = 'failed-start';
  frame.setAttribute('role', 'alert');
  const heading = document.createElement('h1');
  heading.textContent = 'Skafu could not start';
  const reason = document.createElement('p');
  reason.textContent = error instanceof Error ? error.message : 'Something unexpected happened.';
  const retry = document.createElement('button');
  retry.type = 'button';
  retry.textContent = 'Try again';
  retry.addEventListener('click', () => location.reload());
  frame.append(heading, reason, retry);
  rootElement().replaceChildren(frame);
}

run(start);
