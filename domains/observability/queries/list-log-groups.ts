import type { LogGroup } from '@aws-sdk/client-cloudwatch-logs';
import { query } from '#shared/definition/query.ts';
import { invalid } from '#shared/messages/problem.ts';
import { optional, text } from '#shared/messages/schema.ts';
import { setting } from '#shared/runtime/settings.ts';
import { cloudwatchLogs } from '../cloudwatch-logs/client.ts';
import { assertOurs, groupPrefixes, groupsUnder } from '../cloudwatch-logs/groups.ts';
import { readers } from '../roles.ts';
import { pageParameters } from './parameters.ts';

/** The installation's log groups by name. They are few, so a page is cut from all of them. */
export const listLogGroups = query({
  route: 'GET /logs/groups',
  roles: readers,
  installationOnly: true,
  input: { ...pageParameters, prefix: optional(text(512)) },
  answer: async ({ prefix, limit = 25, cursor }) => {
    const environment = setting('ENVIRONMENT');
    if (prefix !== undefined) assertOurs(environment, prefix, '#/prefix');
    const client = await cloudwatchLogs();
    const prefixes = prefix === undefined ? groupPrefixes(environment) : [prefix];
    const found = (await Promise.all(prefixes.map((each) => groupsUnder(client, each)))).flat();
    const after = cursor === undefined ? '' : nameIn(cursor);
    const rest = found.map(itemOf).filter(({ name }) => name > after);
    const items = rest.sort((left, right) => (left.name < right.name ? -1 : 1)).slice(0, limit);
    const last = items.at(-1);
    return { items, ...(last && rest.length > limit ? { nextCursor: cursorOf(last.name) } : {}) };
  },
});

function itemOf(group: LogGroup) {
  return {
    name: group.logGroupName ?? '',
    storedBytes: group.storedBytes ?? 0,
    retentionDays: group.retentionInDays,
    createdAt: group.creationTime === undefined ? undefined : new Date(group.creationTime).toISOString(),
  };
}

const cursorOf = (name: string) => Buffer.from(name).toString('base64url');

function nameIn(cursor: string): string {
  const name = Buffer.from(cursor, 'base64url').toString('utf8');
  if (name.startsWith('/')) return name;
  throw invalid('Start again without cursor.', [
    { pointer: '#/cursor', detail: 'must be a nextCursor of this list' },
  ]);
}
