import { describe, expect, test } from 'vitest';
import { createKeptTraces } from './kept-traces.ts';
import { type LoadedTrace, loadTrace } from './load-trace.ts';
import { fakeXray } from './testing.ts';
import { offsetIn, tracePage } from './trace-page.ts';

const id = '1-67890abc-0123456789abcdef01234567';

const segment = (own: string, more: object = {}) => ({
  Id: own,
  Document: JSON.stringify({ id: own, name: own, start_time: 100, end_time: 101, ...more }),
});
const page = (segments: object[], more: object = {}) => ({
  Traces: [{ Id: id, Segments: segments }],
  ...more,
});

describe('a trace', () => {
  test('is read to its last page and put in order', async () => {
    const { client, asked } = fakeXray(
      page([segment('child', { parent_id: 'top', start_time: 100.2, end_time: 100.9 })], {
        NextToken: 'two',
      }),
      page([segment('top')]),
    );
    const trace = await loadTrace(client, id);
    expect(asked).toEqual([
      { TraceIds: [id], NextToken: undefined },
      { TraceIds: [id], NextToken: 'two' },
    ]);
    expect(trace).toMatchObject({
      start: 100_000,
      duration: 1000,
      cut: false,
      limitExceeded: false,
      spans: [
        { id: 'top', depth: 0, start: 0, critical: true },
        { id: 'child', depth: 1, start: 200, duration: 700, critical: true },
      ],
    });
  });

  test.each([{ Traces: [], UnprocessedTraceIds: [id] }, page([]), { Traces: [{ Id: id }] }, {}])(
    'that X-Ray does not have is told as not found',
    async (answer) => {
      await expect(loadTrace(fakeXray(answer).client, id)).rejects.toMatchObject({ status: 404 });
    },
  );

  test('that outgrew X-Ray’s quota says so', async () => {
    const answer = { Traces: [{ Id: id, LimitExceeded: true, Segments: [segment('top')] }] };
    expect(await loadTrace(fakeXray(answer).client, id)).toMatchObject({ limitExceeded: true });
  });

  test('without an end is cut, and tells it', async () => {
    const subsegments = Array.from({ length: 60 }, (_, index) => ({
      id: `s${index}`,
      name: 's',
      start_time: 100,
    }));
    const { client, asked } = fakeXray(
      ...['a', 'b', 'c', 'd', 'e', 'f'].map((own) =>
        page([segment(own, { subsegments: subsegments.map((each) => ({ ...each, id: own + each.id })) })], {
          NextToken: own,
        }),
      ),
    );
    const trace = await loadTrace(client, id, 200);
    expect(trace.cut).toBe(true);
    expect(trace.spans).toHaveLength(200);
    expect(asked).toHaveLength(4);
  });
});

const traceOf = (spans: number, own = id): LoadedTrace => ({
  id: own,
  start: 100_000,
  duration: 5,
  cut: false,
  limitExceeded: false,
  spans: Array.from({ length: spans }, (_, index) => ({
    id: `${index}`,
    depth: 0,
    name: `span ${index}`,
    kind: 'segment' as const,
    service: `service ${index % 3}`,
    start: index,
    duration: 1,
    ...(index === 1 ? { fault: true as const, annotations: { correlationId: 'c-1' } } : {}),
  })),
});

describe('the pages of a trace', () => {
  test('hold every span once, in order, each page within what Lambda answers', () => {
    const trace = traceOf(40_000);
    const ids: string[] = [];
    let cursor: string | undefined;
    let pages = 0;
    do {
      const one = tracePage(trace, offsetIn(trace, cursor));
      expect(JSON.stringify(one).length).toBeLessThan(2_000_000);
      ids.push(...one.items.map((span) => span.id));
      cursor = one.nextCursor;
      pages++;
    } while (cursor);
    expect(ids).toEqual(trace.spans.map((span) => span.id));
    expect(pages).toBeGreaterThan(1);
  });

  test('tell of the whole trace how it went, whose it was and what took part', () => {
    expect(tracePage(traceOf(3), 0)).toMatchObject({
      traceId: id,
      start: new Date(100_000).toISOString(),
      duration: 5,
      fault: true,
      error: false,
      inProgress: false,
      spans: 3,
      correlationIds: ['c-1'],
      services: [
        { name: 'service 0', spans: 1 },
        { name: 'service 1', spans: 1 },
        { name: 'service 2', spans: 1 },
      ],
    });
  });

  test('tell how the segments went, for what fails within them and is mended there did not fail', () => {
    const { spans, ...trace } = traceOf(3);
    const within = spans.map((span) => ({ ...span, kind: 'subsegment' as const }));
    const [first, failed] = [spans.slice(0, 1), within.slice(1)];
    expect(tracePage({ ...trace, spans: [...first, ...failed] }, 0)).toMatchObject({ fault: false });
    // No segment has arrived yet.
    expect(tracePage({ ...trace, spans: failed }, 0)).toMatchObject({ fault: true });
  });

  test('tell what was asked, by the first span that knows both method and address', () => {
    const { spans, ...trace } = traceOf(4);
    const told = [
      {},
      { http: { method: 'GET' } },
      { http: { method: 'POST', url: 'https://x/orders', status: 502 } },
      { http: { method: 'PUT', url: 'https://x/other' } },
    ];
    const asked = spans.map((span, index) => ({ ...span, ...told[index] }));
    expect(tracePage({ ...trace, spans: asked }, 0).http).toEqual(told[2]?.http);
    expect(tracePage({ ...trace, spans }, 0)).not.toHaveProperty('http');
  });

  test('must be read from the beginning when the trace has grown between them', () => {
    const { nextCursor } = tracePage(traceOf(40_000), 0);
    expect(() => offsetIn(traceOf(40_001), nextCursor)).toThrow(/has grown/);
    expect(() => offsetIn(traceOf(1), 'nonsense')).toThrow(/cursor/);
  });
});

describe('traces kept between pages', () => {
  test('are forgotten after a minute', () => {
    let now = 0;
    const kept = createKeptTraces(() => now);
    kept.put(traceOf(3));
    now = 59_999;
    expect(kept.get(id)?.spans).toHaveLength(3);
    now = 60_000;
    expect(kept.get(id)).toBeUndefined();
  });

  test('make room for the newest', () => {
    const kept = createKeptTraces(() => 0);
    for (const own of ['a', 'b', 'c']) kept.put(traceOf(100_000, own));
    expect(['a', 'b', 'c'].map((own) => kept.get(own) !== undefined)).toEqual([false, true, true]);
  });
});
