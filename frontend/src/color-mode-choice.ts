import { applyMode, Mode } from '@cloudscape-design/global-styles';
import type { ColorMode } from '#shared/frontend/color-mode.ts';

/** The inline script of index.html reads the same key, before the first paint. */
const storageKey = 'skafu.color-mode';

/** Shows the mode and remembers it for this browser. */
export function chooseColorMode(mode: ColorMode): void {
  localStorage.setItem(storageKey, mode);
  show(mode);
}

/** Keeps up with the system as long as nobody has chosen. */
export function followSystemColorMode(): void {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', (event) => {
    if (localStorage.getItem(storageKey) === null) show(event.matches ? 'dark' : 'light');
  });
}

function show(mode: ColorMode): void {
  applyMode(mode === 'dark' ? Mode.Dark : Mode.Light);
}
