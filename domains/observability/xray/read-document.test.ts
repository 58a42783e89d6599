import { describe, expect, test } from 'vitest';
import { readDocument } from './read-document.ts';

const read = (document: object) => readDocument(JSON.stringify(document));

describe('a segment document', () => {
  test('tells its subsegments too, as deep as they go', () => {
    const spans = read({
      id: 'a',
      name: 'checkout',
      start_time: 1000.5,
      end_time: 1000.75,
      origin: 'AWS::Lambda::Function',
      subsegments: [
        {
          id: 'b',
          name: 'DynamoDB',
          namespace: 'aws',
          start_time: 1000.6,
          end_time: 1000.7,
          subsegments: [{ id: 'c', name: 'attempt', start_time: 1000.61, in_progress: true }],
        },
      ],
    });
    expect(spans).toMatchObject([
      {
        id: 'a',
        kind: 'segment',
        service: 'checkout',
        from: 1_000_500,
        duration: 250,
        origin: 'AWS::Lambda::Function',
      },
      { id: 'b', parentId: 'a', kind: 'subsegment', service: 'checkout', namespace: 'aws', duration: 100 },
      { id: 'c', parentId: 'b', kind: 'subsegment', service: 'checkout' },
    ]);
    expect(spans[2]).not.toHaveProperty('duration');
  });

  test('that is a subsegment by itself leaves its service to what is above it', () => {
    expect(read({ id: 'b', type: 'subsegment', parent_id: 'a', name: 'step', start_time: 1 })).toMatchObject([
      { id: 'b', parentId: 'a', kind: 'subsegment', service: '' },
    ]);
  });

  test('that X-Ray inferred says so', () => {
    expect(read({ id: 'd', inferred: true, name: 'table', start_time: 1 })).toMatchObject([
      { kind: 'inferred' },
    ]);
  });

  test('tells the exchange, the AWS call and the annotations, and leaves out what was not said', () => {
    const [span] = read({
      id: 'a',
      name: 'n',
      start_time: 1,
      end_time: 2,
      error: true,
      fault: false,
      http: {
        request: { method: 'GET', url: 'https://x', user_agent: 'curl', client_ip: '::1' },
        response: { status: 404 },
      },
      aws: { operation: 'Query', table_name: 'orders', region: 'us-east-1', request_id: 'r', retries: 0 },
      annotations: { correlationId: 'c', wait: 3, warm: true, odd: { nested: 1 } },
    });
    expect(span).toEqual({
      id: 'a',
      name: 'n',
      kind: 'segment',
      service: 'n',
      from: 1000,
      duration: 1000,
      error: true,
      http: { method: 'GET', url: 'https://x', userAgent: 'curl', clientIp: '::1', status: 404 },
      aws: { operation: 'Query', resource: 'orders', region: 'us-east-1', requestId: 'r', retries: 0 },
      annotations: { correlationId: 'c', wait: 3, warm: true },
    });
  });

  test.each([
    [{ resource_names: ['orders', 'invoices'] }, 'orders, invoices'],
    [{ queue_url: 'https://sqs/orders', bucket_name: 'archive' }, 'https://sqs/orders'],
    [{ function_name: 7 }, '7'],
  ])('names what an AWS call worked on: %j', (aws, resource) => {
    expect(read({ id: 'a', start_time: 1, aws })).toMatchObject([{ aws: { resource } }]);
  });

  test('tells exceptions with their stack, a line a frame', () => {
    const stack = [{ path: 'index.mjs', line: 7, label: 'decide' }, {}];
    const exceptions = [
      { id: 'x', message: 'is down', type: 'TypeError', remote: true, stack },
      { message: 'alone' },
    ];
    expect(read({ id: 'a', start_time: 1, cause: { exceptions } })).toMatchObject([
      {
        name: 'Without a name',
        exceptions: [
          { type: 'TypeError', message: 'is down', remote: true, stack: ['decide (index.mjs:7)', ' (:)'] },
          { message: 'alone' },
        ],
      },
    ]);
    expect(read({ id: 'a', start_time: 1, cause: '0123456789abcdef' })[0]).not.toHaveProperty('exceptions');
  });

  test('keeps metadata of a size that a page can show, and says where it left it out', () => {
    expect(read({ id: 'a', start_time: 1, metadata: { default: { rows: 3 } } })).toMatchObject([
      { metadata: { default: { rows: 3 } } },
    ]);
    const [large] = read({ id: 'a', start_time: 1, metadata: { default: 'x'.repeat(10_000) } });
    expect(large).toMatchObject({ metadataCut: true });
    expect(large).not.toHaveProperty('metadata');
  });

  test.each(['', 'not JSON', '[]', 'null', '7', '{}', '{"id":"a"}', '{"id":"a","start_time":"soon"}'])(
    'that reads %s holds no span',
    (text) => expect(readDocument(text)).toEqual([]),
  );
});
