import { describe, expect, test } from 'vitest';
import type { Block, View } from '../core/view.ts';
import { createPage } from './page.ts';

const hostile = '<img src=x onerror="alert(1)">';

function view(...blocks: Block[]): View {
  return { id: 'things', title: 'Things', about: 'All the things.', show: () => blocks };
}

const noBody = async () => Buffer.alloc(0);
const browser = { host: '127.0.0.1:4566', accept: 'text/html,*/*' };

async function ask(
  path: string,
  headers: Record<string, string> = browser,
  blocks: Block[] = [],
  method = 'GET',
) {
  const answer = await createPage([view(...blocks)])(method, path, headers, noBody);
  return { ...answer, text: String(answer?.body ?? '') };
}

describe('the page of the local cloud', () => {
  test('is found by a browser at the root of the endpoint, and leaves clients of AWS alone', async () => {
    expect(await ask('/')).toMatchObject({ status: 302, headers: { location: '/_local-cloud/things' } });
    expect((await ask('/', { host: '127.0.0.1:4566' })).status).toBeUndefined();
    expect((await ask('/', { ...browser, authorization: 'AWS4-HMAC-SHA256 …' })).status).toBeUndefined();
    expect((await ask('/bucket/key')).status).toBeUndefined();
  });

  test('shows a view with its parts, and marks where one is', async () => {
    const { status, text } = await ask('/_local-cloud/things', browser, [
      { kind: 'table', title: 'Rows', columns: ['Name'], rows: [['one']], empty: 'none' },
      { kind: 'table', title: 'No rows', columns: ['Name'], rows: [], empty: 'There is none.' },
      { kind: 'fields', title: 'Facts', fields: [['Status', { text: 'well', tone: 'good' }]] },
    ]);
    expect(status).toBe(200);
    expect(text).toContain('aria-current="page">Things');
    expect(text).toContain('<th scope="col">Name</th>');
    expect(text).toContain('There is none.');
    expect(text).toContain('<span class="good">well</span>');
  });

  test('takes no text for markup, wherever it stands', async () => {
    const { text } = await ask('/_local-cloud/things', browser, [
      {
        kind: 'table',
        title: hostile,
        columns: [hostile],
        rows: [[hostile, { text: hostile, to: hostile }]],
        empty: '',
      },
      { kind: 'fields', title: 'f', fields: [[hostile, hostile]] },
      { kind: 'text', title: 't', text: hostile },
      { kind: 'choice', inputs: [{ name: 'n', label: hostile, value: hostile, options: [hostile] }] },
      { kind: 'graph', title: hostile, graph: { nodes: [{ id: hostile, note: hostile }], edges: [] } },
    ]);
    expect(text).not.toContain('<img');
    expect(text).toContain('&#60;img');
  });

  test('runs no script but its own', async () => {
    const { headers } = await ask('/_local-cloud/things');
    expect(headers?.['content-security-policy']).toMatch(/default-src 'none'; .*script-src 'sha256-[^']+';/);
  });

  test.each([
    ['another site', { ...browser, origin: 'https://example.com' }],
    ['a page of another site', { ...browser, 'sec-fetch-site': 'cross-site' }],
    ['a name that was made to point here', { ...browser, host: 'evil.example:4566' }],
  ])('refuses %s', async (_who, headers) => {
    expect((await ask('/_local-cloud/things', headers)).status).toBe(403);
  });

  test('says what is not there and what it does not do', async () => {
    expect((await ask('/_local-cloud/other')).status).toBe(404);
    expect((await ask('/_local-cloud/things', browser, [], 'POST')).status).toBe(405);
  });

  test('draws a state machine from top to bottom, back steps and dead ends too', async () => {
    const graph = {
      nodes: [
        { id: 'First', note: 'Pass', tone: 'good' as const },
        { id: 'Second', note: 'Task' },
        { id: 'Alone', note: 'Fail' },
      ],
      edges: [
        { from: 'First', to: 'Second' },
        { from: 'Second', to: 'First', label: 'again' },
      ],
    };
    const { text } = await ask('/_local-cloud/things', browser, [{ kind: 'graph', title: 'States', graph }]);
    const tops = [...text.matchAll(/<rect x="[^"]+" y="([^"]+)"/gu)].map(([, y]) => Number(y));
    expect(tops).toHaveLength(3);
    expect(tops[0]).toBeLessThan(tops[1] ?? 0);
    expect(tops[1]).toBeLessThan(tops[2] ?? 0);
    expect(text).toContain('class="node good"');
    expect([...text.matchAll(/marker-end/gu)]).toHaveLength(2);
  });
});
