import {
  DescribeLogGroupsCommand,
  type DescribeLogGroupsCommandOutput,
  type LogGroup,
} from '@aws-sdk/client-cloudwatch-logs';
import { invalid } from '#shared/messages/problem.ts';
import { calling } from '#shared/runtime/upstream.ts';
import type { LogsClient } from './client.ts';

/** How many groups CloudWatch Logs lets one query search. */
export const mostGroups = 50;

/** How many groups of one prefix are listed; an installation has a tenth of it. */
const mostPages = 10;

/** How the names of an installation's log groups begin; `domain.ts` permits exactly these. */
export function groupPrefixes(environment: string): readonly string[] {
  return [
    `/aws/lambda/skafu-${environment}-`,
    `/aws/vendedlogs/states/skafu-${environment}-`,
    `/aws/vendedlogs/apigateway/skafu-${environment}-`,
    `/skafu/${environment}/`,
  ];
}

/**
 * Reads the `groups` parameter: names parted by commas, of which one that ends with `*` means all that begin so;
 * without it, every group of the installation. Throws a 400 problem that names what is not the installation's.
 */
export async function searchedGroups(
  client: LogsClient,
  environment: string,
  parameter: string | undefined,
): Promise<readonly string[]> {
  const prefixes = groupPrefixes(environment);
  const wanted = parameter?.split(',').map((name) => name.trim()) ?? prefixes.map((prefix) => `${prefix}*`);
  for (const name of wanted) assertOurs(environment, name.replace(/\*$/, ''), '#/groups');
  const named = await Promise.all(
    wanted.map(async (name) =>
      name.endsWith('*') ? (await groupsUnder(client, name.slice(0, -1))).map(nameOf) : [name],
    ),
  );
  const names = [...new Set(named.flat())];
  if (names.length > 0) return names;
  throw invalid('Choose other log groups.', [
    { pointer: '#/groups', detail: 'must match at least one log group' },
  ]);
}

/** Throws a 400 problem when a group (or a prefix of groups) is not the installation's own. */
export function assertOurs(environment: string, name: string, pointer: string): void {
  const prefixes = groupPrefixes(environment);
  if (prefixes.some((prefix) => name.startsWith(prefix))) return;
  const detail = `must be log groups of this installation, which begin with ${prefixes.join(', ')}`;
  throw invalid(`Mend ${pointer} and send it again.`, [{ pointer, detail }]);
}

/** Every group whose name begins so, in the order of the names. */
export async function groupsUnder(client: LogsClient, prefix: string): Promise<LogGroup[]> {
  const groups: LogGroup[] = [];
  let nextToken: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const command = new DescribeLogGroupsCommand({ logGroupNamePrefix: prefix, limit: 50, nextToken });
    const answer: DescribeLogGroupsCommandOutput = await calling(
      'CloudWatch Logs',
      'DescribeLogGroups',
      client.send(command),
    );
    groups.push(...(answer.logGroups ?? []));
    nextToken = answer.nextToken;
    if (!nextToken) break;
  }
  return groups;
}

function nameOf({ logGroupName = '' }: LogGroup): string {
  return logGroupName;
}
