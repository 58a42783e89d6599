import type { BreadcrumbGroupProps } from '@cloudscape-design/components/breadcrumb-group';
import type { SideNavigationProps } from '@cloudscape-design/components/side-navigation';
import { mayAct, type Role } from '#shared/frontend/roles.ts';
import { mountedPages, pageAt } from '../domains.ts';

/** The links of the side navigation for someone with these roles; each carries the chosen time range along. */
export function navigationItems(roles: readonly Role[], carried: string): SideNavigationProps.Item[] {
  const sections = new Map<string, { order: number; text: string; href: string }[]>();
  for (const { page, address } of mountedPages) {
    if (!page.navigation || !mayAct(roles, page.roles)) continue;
    const { section, order } = page.navigation;
    sections.set(section, [
      ...(sections.get(section) ?? []),
      { order, text: page.title, href: address + carried },
    ]);
  }
  return [
    { type: 'link', text: 'Overview', href: `/${carried}` },
    ...[...sections]
      .map(([text, links]) => ({ text, links: links.sort((left, right) => left.order - right.order) }))
      .sort((left, right) => (left.links[0]?.order ?? 0) - (right.links[0]?.order ?? 0))
      .map(
        ({ text, links }): SideNavigationProps.Section => ({
          type: 'section',
          text,
          items: links.map((link) => ({ type: 'link', text: link.text, href: link.href })),
        }),
      ),
  ];
}

/** The link of the side navigation that the page at `path` belongs to. */
export function activeHref(path: string, carried: string): string {
  const listed = mountedPages
    .filter(({ page, address }) => page.navigation && (path === address || path.startsWith(`${address}/`)))
    .sort((left, right) => right.address.length - left.address.length)[0];
  return `${listed?.address ?? (path === '/' ? '/' : '')}${carried}`;
}

/** The pages above the one at `path`, and itself. */
export function breadcrumbs(path: string, carried: string): BreadcrumbGroupProps.Item[] {
  const segments = path.split('/').filter(Boolean);
  const above = segments.map((_, index) => `/${segments.slice(0, index + 1).join('/')}`);
  return [
    { text: 'Overview', href: `/${carried}` },
    ...above.flatMap((address) => {
      const found = pageAt(address);
      return found ? [{ text: found.page.title, href: address + carried }] : [];
    }),
  ];
}

/** What the browser's tab is called. */
export function titleOf(path: string): string {
  if (path === '/') return 'Overview · Skafu';
  return `${pageAt(path)?.page.title ?? 'Not found'} · Skafu`;
}
