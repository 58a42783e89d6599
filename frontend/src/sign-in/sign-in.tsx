import '@cloudscape-design/global-styles/index.css';
import '../console/console.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { followSystemColorMode } from '../color-mode-choice.ts';
import { SignInPage, type SignInProps } from './sign-in-page.tsx';

/** Shows the sign-in in `root` and answers how to take it away. */
export function mountSignIn(root: HTMLElement, props: SignInProps): () => void {
  followSystemColorMode();
  document.title = 'Sign in · Skafu';
  const mounted = createRoot(root);
  mounted.render(
    <StrictMode>
      <SignInPage {...props} />
    </StrictMode>,
  );
  return () => mounted.unmount();
}
