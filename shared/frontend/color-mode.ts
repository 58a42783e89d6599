import { useSyncExternalStore } from 'react';

export type ColorMode = 'light' | 'dark';

const darkClass = 'awsui-dark-mode';

function subscribe(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class'] });
  return () => observer.disconnect();
}

/** The color mode on screen, for what CSS cannot color by itself, such as a canvas. */
export function useColorMode(): ColorMode {
  return useSyncExternalStore(subscribe, () =>
    document.body.classList.contains(darkClass) ? 'dark' : 'light',
  );
}
