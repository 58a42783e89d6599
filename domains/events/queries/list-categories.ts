import type { Category } from '#shared/definition/definitions.ts';
import { query } from '#shared/definition/query.ts';
import { setting } from '#shared/runtime/settings.ts';
import { readers } from '../roles.ts';

/** The kinds of streams that the installed domains can have, whether or not there is one yet. */
export const listCategories = query({
  route: 'GET /categories',
  roles: readers,
  input: {},
  uses: ['categories'],
  answer: async () => ({ items: JSON.parse(setting('CATEGORIES')) as readonly Category[] }),
});
