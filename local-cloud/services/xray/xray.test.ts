import { createSocket } from 'node:dgram';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { administrator } from '../../core/access.ts';
import type { AwsRequest, Service } from '../../core/service.ts';
import { createTestCloud, type TestCloud } from '../../core/testing.ts';
import { createXray } from './index.ts';

let cloud: TestCloud;
let xray: Service;

beforeEach(async () => {
  cloud = createTestCloud();
  xray = await createXray(cloud);
});

afterEach(async () => {
  await xray.stop?.();
  cloud.remove();
});

const segment = {
  id: '70de5b6f19ff9a0a',
  trace_id: '1-581cf771-a006649127e371903a2de979',
  name: 'cart',
  start_time: 1_478_293_361.271,
  end_time: 1_478_293_361.449,
};

async function send(text: string): Promise<void> {
  const [host, port] = (cloud.xrayDaemonAddress ?? '').split(':');
  const socket = createSocket('udp4');
  await new Promise<void>((resolve, reject) => {
    socket.send(text, Number(port), host, (error) => (error ? reject(error) : resolve()));
  });
  socket.close();
}

function post(path: string, body: unknown): AwsRequest {
  return {
    method: 'POST',
    path,
    query: new URLSearchParams(),
    headers: {},
    body: Buffer.from(JSON.stringify(body)),
    region: 'us-east-1',
    caller: administrator,
  };
}

describe('the X-Ray daemon', () => {
  it('takes segments over UDP', async () => {
    await send(`{"format": "json", "version": 1}\n${JSON.stringify(segment)}`);
    await vi.waitFor(() => expect(cloud.recorded.segments).toEqual([segment]));
  });

  it('reports what it cannot read and goes on', async () => {
    await send('nonsense');
    await send(`{"format": "json", "version": 1}\n{"id":"1"}`);
    await send(`{"format": "json", "version": 1}\n${JSON.stringify(segment)}`);
    await vi.waitFor(() => expect(cloud.recorded.segments).toEqual([segment]));
    expect(cloud.recorded.log.filter(({ level }) => level === 'warn')).toHaveLength(2);
  });
});

describe('PutTraceSegments', () => {
  it('takes the good documents and names the others', async () => {
    const documents = [JSON.stringify(segment), '{', JSON.stringify({ ...segment, trace_id: 'x' })];
    const answer = await xray.handle?.(post('/TraceSegments', { TraceSegmentDocuments: documents }));
    expect(answer?.status).toBe(200);
    expect(JSON.parse(String(answer?.body))).toMatchObject({
      UnprocessedTraceSegments: [
        { ErrorCode: 'ParseError' },
        { Id: segment.id, ErrorCode: 'InvalidTraceId' },
      ],
    });
    expect(cloud.recorded.segments).toEqual([segment]);
  });

  it('refuses a body of another shape', async () => {
    await expect(xray.handle?.(post('/TraceSegments', { TraceSegmentDocuments: 'x' }))).rejects.toMatchObject(
      {
        code: 'InvalidRequestException',
      },
    );
  });
});

it('refuses by name what it does not support', async () => {
  await expect(xray.handle?.(post('/Insight', {}))).rejects.toMatchObject({ status: 501 });
});
