const loading = new WeakMap<() => Promise<unknown>, Promise<unknown>>();

/** The same promise for the same loader, as React's `use` needs it; one that failed is forgotten and tried again. */
export function loadOnce<Module>(load: () => Promise<Module>): Promise<Module> {
  const known = loading.get(load) as Promise<Module> | undefined;
  if (known) return known;
  const fresh = load();
  loading.set(load, fresh);
  return fresh;
}

/** Makes the next `loadOnce` try again. */
export function forget(load: () => Promise<unknown>): void {
  loading.delete(load);
}
