import { query } from '#shared/definition/query.ts';
import { instant, integer, optional, text } from '#shared/messages/schema.ts';
import { setting } from '#shared/runtime/settings.ts';
import { cloudwatchLogs } from '../cloudwatch-logs/client.ts';
import { linesAround, mostAround } from '../cloudwatch-logs/context.ts';
import { assertOurs } from '../cloudwatch-logs/groups.ts';
import { readers } from '../roles.ts';

export const getLogContext = query({
  route: 'GET /logs/context',
  roles: readers,
  installationOnly: true,
  input: {
    group: text(512),
    stream: text(512),
    at: instant,
    around: optional(integer({ minimum: 1, maximum: mostAround })),
  },
  answer: async ({ group, stream, at, around = mostAround }) => {
    assertOurs(setting('ENVIRONMENT'), group, '#/group');
    const lines = await linesAround(await cloudwatchLogs(), { group, stream, at, around });
    return {
      items: lines.map(({ timestamp = 0, message = '' }) => ({
        timestamp: new Date(timestamp).toISOString(),
        message,
      })),
    };
  },
});
