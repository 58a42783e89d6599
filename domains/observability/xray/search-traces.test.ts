import { describe, expect, test } from 'vitest';
import { searchTraces } from './search-traces.ts';
import { fakeXray } from './testing.ts';

const hour = 3_600_000;
const to = Date.parse('2026-11-21T12:00:00.000Z');
const lastHour = { from: to - hour, to, limit: 25 };

const summaryAt = (minute: number) => ({
  Id: `1-6560${String(minute).padStart(4, '0')}-000000000000000000000000`,
  StartTime: new Date(to - minute * 60_000),
});
const starts = (items: readonly { start: string }[]) =>
  items.map(({ start }) => (to - Date.parse(start)) / 60_000);

describe('a search of traces', () => {
  test('asks for the range and the filter, and answers the newest first', async () => {
    const { client, asked } = fakeXray({ TraceSummaries: [summaryAt(30), summaryAt(5), summaryAt(20)] });
    const answer = await searchTraces(client, { ...lastHour, filter: 'fault' });
    expect(asked).toEqual([
      {
        StartTime: new Date(to - hour),
        EndTime: new Date(to),
        FilterExpression: 'fault',
        NextToken: undefined,
      },
    ]);
    expect(starts(answer.items)).toEqual([5, 20, 30]);
    expect(answer).toMatchObject({ partial: false, searchedBackTo: new Date(to - hour).toISOString() });
    expect(answer).not.toHaveProperty('nextCursor');
  });

  test('asks for six hours at a time, from the end of a longer range backwards', async () => {
    const { client, asked } = fakeXray({ TraceSummaries: [] });
    await searchTraces(client, { from: to - 14 * hour, to, limit: 25 });
    expect(asked.map(({ StartTime, EndTime }) => [StartTime, EndTime])).toEqual([
      [new Date(to - 6 * hour), new Date(to)],
      [new Date(to - 12 * hour), new Date(to - 6 * hour)],
      [new Date(to - 14 * hour), new Date(to - 12 * hour)],
    ]);
  });

  test('goes on within a page of X-Ray’s that holds more than was asked for', async () => {
    const page = { TraceSummaries: [1, 2, 3].map(summaryAt) };
    const first = await searchTraces(fakeXray(page).client, { ...lastHour, limit: 2 });
    expect(starts(first.items)).toEqual([1, 2]);
    expect(first.partial).toBe(false);
    const second = await searchTraces(fakeXray(page).client, {
      ...lastHour,
      limit: 2,
      cursor: first.nextCursor,
    });
    expect(starts(second.items)).toEqual([3]);
    expect(second.nextCursor).toBeUndefined();
  });

  test('follows the pages of X-Ray until its own is full', async () => {
    const { client, asked } = fakeXray(
      { TraceSummaries: [summaryAt(1)], NextToken: 'two' },
      { TraceSummaries: [summaryAt(2), summaryAt(3)], NextToken: 'three' },
    );
    const answer = await searchTraces(client, { ...lastHour, limit: 3 });
    expect(starts(answer.items)).toEqual([1, 2, 3]);
    expect(asked.map(({ NextToken }) => NextToken)).toEqual([undefined, 'two']);
    const next = fakeXray({ TraceSummaries: [] });
    await searchTraces(next.client, { ...lastHour, cursor: answer.nextCursor });
    expect(next.asked).toMatchObject([{ NextToken: 'three' }]);
  });

  test('finds nothing in an answer without traces', async () => {
    const answer = await searchTraces(fakeXray({}).client, lastHour);
    expect(answer).toMatchObject({ items: [], partial: false });
    expect(answer).not.toHaveProperty('nextCursor');
  });

  test('stops after ten calls and tells that it has not searched it all', async () => {
    const { client, asked } = fakeXray({ TraceSummaries: [], NextToken: 'again' });
    const answer = await searchTraces(client, lastHour);
    expect(asked).toHaveLength(10);
    expect(answer).toMatchObject({ items: [], partial: true, searchedBackTo: new Date(to).toISOString() });
    expect(answer.nextCursor).toBeDefined();
  });

  test.each([
    'nonsense',
    Buffer.from('{"end":-1}').toString('base64url'),
    Buffer.from('null').toString('base64url'),
  ])('refuses the cursor %s as not its own', async (cursor) => {
    await expect(searchTraces(fakeXray({}).client, { ...lastHour, cursor })).rejects.toMatchObject({
      status: 400,
      errors: [{ pointer: '#/cursor' }],
    });
  });

  test('tells a throttled X-Ray as such', async () => {
    const throttled = Object.assign(new Error('slow down'), { name: 'ThrottledException', $fault: 'client' });
    await expect(searchTraces(fakeXray(throttled).client, lastHour)).rejects.toMatchObject({ status: 429 });
  });
});

describe('a trace in the list', () => {
  test('tells what happened, in milliseconds and plain values', async () => {
    const summary = {
      ...summaryAt(0),
      Duration: 1.2345678,
      ResponseTime: 0.25,
      HasFault: true,
      IsPartial: true,
      EntryPoint: { Name: 'checkout' },
      Http: { HttpMethod: 'POST', HttpURL: 'https://x/orders', HttpStatus: 502 },
      Annotations: {
        correlationId: [
          { AnnotationValue: { StringValue: 'c-1' } },
          { AnnotationValue: { StringValue: 'c-1' } },
        ],
        route: [{ AnnotationValue: { StringValue: 'POST /orders' } }],
        version: [{ AnnotationValue: { NumberValue: 2 } }],
        warm: [{ AnnotationValue: { BooleanValue: false } }, {}],
      },
      ServiceIds: [
        { Name: 'checkout', Type: 'AWS::Lambda' },
        { Name: 'checkout', Type: 'AWS::Lambda' },
        { Name: 'checkout', Type: 'AWS::Lambda::Function' },
      ],
      Users: [{ UserName: 'u' }, {}],
    };
    const { items } = await searchTraces(fakeXray({ TraceSummaries: [summary] }).client, lastHour);
    expect(items).toEqual([
      {
        id: summary.Id,
        start: new Date(to).toISOString(),
        duration: 1234.568,
        responseTime: 250,
        fault: true,
        error: false,
        throttle: false,
        incomplete: true,
        entryPoint: 'checkout',
        route: 'POST /orders',
        correlationId: 'c-1',
        method: 'POST',
        url: 'https://x/orders',
        status: 502,
        annotations: { correlationId: ['c-1'], route: ['POST /orders'], version: [2], warm: [false] },
        services: [
          { name: 'checkout', type: 'AWS::Lambda' },
          { name: 'checkout', type: 'AWS::Lambda::Function' },
        ],
        users: ['u'],
      },
    ]);
  });

  test('of which X-Ray tells next to nothing is there all the same', async () => {
    const page = { TraceSummaries: [{ ServiceIds: [{ Name: 'checkout' }, { Name: 'checkout' }] }] };
    const { items } = await searchTraces(fakeXray(page).client, lastHour);
    expect(items).toMatchObject([
      { id: '', start: new Date(0).toISOString(), fault: false, services: [{ name: 'checkout' }], users: [] },
    ]);
  });

  test('has the start that its id tells where X-Ray gives none', async () => {
    const { items } = await searchTraces(
      fakeXray({ TraceSummaries: [{ Id: '1-65600000-0' }] }).client,
      lastHour,
    );
    expect(items).toMatchObject([
      { start: new Date(0x65600000 * 1000).toISOString(), annotations: {}, services: [] },
    ]);
  });
});
