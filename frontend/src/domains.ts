import type { DomainManifest, Page } from '#shared/frontend/manifest.ts';
import { pageAddress } from '#shared/frontend/manifest.ts';

const found = import.meta.glob<DomainManifest>('../../domains/*/frontend/manifest.ts', {
  eager: true,
  import: 'default',
});

/** Every domain that has a front end. The shell knows none of them by name. */
export const domains: readonly DomainManifest[] = Object.values(found);

/** A page with the domain it belongs to and its address in react-router's form. */
export interface MountedPage {
  domain: DomainManifest;
  page: Page;
  address: string;
}

export const mountedPages: readonly MountedPage[] = domains.flatMap((domain) =>
  domain.pages.map((page) => ({ domain, page, address: pageAddress(domain, page) })),
);

/** The page at a path. Fixed segments win over parameters, as in the router. */
export function pageAt(path: string): MountedPage | undefined {
  const segments = path.split('/').filter(Boolean);
  return mountedPages
    .filter(({ address }) => fits(address.split('/').filter(Boolean), segments))
    .sort((left, right) => parameters(left.address) - parameters(right.address))[0];
}

/** Loads early what the address will show: the page, or on the overview the panels and what runs beside them. */
export function preload(path: string): Promise<unknown> {
  if (path !== '/') return pageAt(path)?.page.load() ?? Promise.resolve();
  return Promise.all(domains.flatMap((domain) => (domain.overview ?? []).map((panel) => panel.load())));
}

function fits(pattern: readonly string[], segments: readonly string[]): boolean {
  return (
    pattern.length === segments.length &&
    pattern.every((part, index) => part.startsWith(':') || part === segments[index])
  );
}

function parameters(address: string): number {
  return address.split('/:').length - 1;
}
