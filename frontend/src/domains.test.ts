import '#shared/frontend/testing/browser.ts';
import { describe, expect, test } from 'vitest';
import { isRole } from '#shared/frontend/roles.ts';
import { domains, mountedPages, pageAt } from './domains.ts';

test('there are domains to check', () => {
  expect(domains.length).toBeGreaterThan(0);
  expect(mountedPages.length).toBeGreaterThan(0);
});

test('no two pages share an address, and no two panels or companions an id', () => {
  const addresses = mountedPages.map(({ address }) => address.replace(/:\w+/g, ':'));
  const ids = domains.flatMap((domain) =>
    [...(domain.overview ?? []), ...(domain.companions ?? [])].map(({ id }) => id),
  );
  expect(new Set(addresses).size).toBe(addresses.length);
  expect(new Set(ids).size).toBe(ids.length);
});

test('no two pages of a section of the navigation want the same place', () => {
  const places = mountedPages.flatMap(({ page }) =>
    page.navigation ? [JSON.stringify(page.navigation)] : [],
  );
  expect(new Set(places).size).toBe(places.length);
});

test('a fixed address wins over one with a parameter', () => {
  expect(pageAt('/observability/alert-rules/new')?.page.path).toBe('alert-rules/new');
  expect(pageAt('/observability/alert-rules/abc')?.page.path).toBe('alert-rules/:alertRuleId');
  expect(pageAt('/nothing')).toBeUndefined();
});

describe.each(domains.map((domain) => [domain.name, domain] as const))(
  'the manifest of %s',
  (name, domain) => {
    test('has a name that fits an address, and a title', () => {
      expect(name).toMatch(/^[a-z][a-z-]*$/);
      expect(domain.title).not.toBe('');
    });

    test.each(domain.pages.map((page) => [page.path, page] as const))(
      'page “%s” is whole',
      async (path, page) => {
        expect(path).toMatch(/^([a-z-]+|:[a-zA-Z]+)?(\/([a-z-]+|:[a-zA-Z]+))*$/);
        expect(page.title).not.toBe('');
        expect(page.roles.length).toBeGreaterThan(0);
        expect(page.roles.every(isRole)).toBe(true);
        // What the navigation links to needs no parameter.
        if (page.navigation) expect(path).not.toContain(':');
        expect(typeof (await page.load()).default).toBe('function');
      },
      30_000,
    );

    test('has overview panels and companions that load', async () => {
      for (const part of [...(domain.overview ?? []), ...(domain.companions ?? [])]) {
        expect(part.roles.every(isRole)).toBe(true);
        expect(typeof (await part.load()).default).toBe('function');
      }
    }, 30_000);
  },
);
