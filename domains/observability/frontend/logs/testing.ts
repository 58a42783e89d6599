import type { FakeAnswer, FakeRequest } from '#shared/frontend/testing/fake-api.ts';
import type { LogCount, LogSearch } from './types.ts';

export const traceId = '1-656a0000-0123456789abcdef01234567';

const message = JSON.stringify({
  level: 'ERROR',
  message: 'Order refused',
  service: 'checkout',
  correlationId: 'c-9',
  xray_trace_id: traceId,
});

export const found: LogSearch = {
  queryId: 'q-1',
  status: 'complete',
  fields: ['@timestamp', 'level', '@message', '@log', '@logStream', '@ptr'],
  rows: [
    [
      '2026-11-21T08:10:00.123Z',
      'ERROR',
      message,
      '000000000000:/aws/lambda/skafu-local-checkout',
      's-1',
      'p-1',
    ],
    [
      '2026-11-21T08:09:00.000Z',
      null,
      'START RequestId: 1',
      '000000000000:/aws/lambda/skafu-local-checkout',
      's-1',
      'p-2',
    ],
  ],
  statistics: { recordsMatched: 2, recordsScanned: 12_345, bytesScanned: 3_000_000_000 },
  cut: 0,
  from: '2026-11-21T08:00:00.000Z',
  to: '2026-11-21T09:00:00.000Z',
  groups: ['/aws/lambda/skafu-local-checkout', '/aws/lambda/skafu-local-relay'],
  groupsLeft: 0,
};

export const counted: LogCount = {
  ...found,
  queryId: 'q-2',
  fields: ['bin(5m)', 'lines'],
  rows: [['2026-11-21T08:10:00.000Z', '2']],
  bin: 300,
};

/** Answers every query of the logs page; `lines` is what is found. */
export function logAnswers(lines: FakeAnswer | LogSearch = found): (request: FakeRequest) => FakeAnswer {
  return ({ path }) => {
    const rest = path.replace('observability/', '');
    if (rest === 'logs') return typeof lines === 'object' && 'queryId' in lines ? { body: lines } : lines;
    if (rest === 'logs/histogram') return { body: counted };
    if (rest === 'logs/groups') {
      const items = found.groups.map((name) => ({ name, storedBytes: 2048, retentionDays: 30 }));
      return { body: { items } };
    }
    if (rest === 'logs/context') {
      return {
        body: {
          items: [
            { timestamp: '2026-11-21T08:09:00.000Z', message: 'before' },
            { timestamp: '2026-11-21T08:10:00.123Z', message },
            { timestamp: '2026-11-21T08:11:00.000Z', message: 'after' },
          ],
        },
      };
    }
    return { status: 404, body: { title: 'Not found', status: 404 } };
  };
}
