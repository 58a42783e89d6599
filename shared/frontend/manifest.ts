import type { ComponentType } from 'react';
import type { Role } from './roles.ts';

/** What a page's file exports: the page, and the text of the help panel beside it. */
export interface PageModule {
  default: ComponentType;
  Help?: ComponentType;
}

/** A page of a domain. Everything the shell shows about it (navigation, breadcrumbs, title) follows from this. */
export interface Page {
  /** Relative to the domain, in react-router's form: `alert-rules/:alertRuleId`. Empty for the domain's own page. */
  path: string;
  title: string;
  /** Who may open it. Others see the forbidden page, and no link. */
  roles: readonly Role[];
  /** Present when the side navigation lists the page; sections stand in the order of their first pages. */
  navigation?: { section: string; order: number };
  load: () => Promise<PageModule>;
}

/** A panel that a domain contributes to the overview. */
export interface OverviewPanel {
  id: string;
  roles: readonly Role[];
  order: number;
  /** `half` panels stand side by side on wide screens. */
  width: 'half' | 'full';
  load: () => Promise<{ default: ComponentType }>;
}

/** A component without a place of its own that runs on every page, such as a watch that announces news. */
export interface Companion {
  id: string;
  roles: readonly Role[];
  load: () => Promise<{ default: ComponentType }>;
}

export interface DomainManifest {
  /** The first segment of the addresses of the domain's pages. */
  name: string;
  title: string;
  pages: readonly Page[];
  overview?: readonly OverviewPanel[];
  companions?: readonly Companion[];
}

/** Declares a domain's part of the console. Manifests land in the first script, so they hold no code but `load`. */
export function defineDomain(manifest: DomainManifest): DomainManifest {
  return manifest;
}

/** The address under which the shell mounts a page. */
export function pageAddress(domain: Pick<DomainManifest, 'name'>, page: Pick<Page, 'path'>): string {
  return page.path === '' ? `/${domain.name}` : `/${domain.name}/${page.path}`;
}
