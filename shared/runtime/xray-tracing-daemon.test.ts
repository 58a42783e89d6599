import { createSocket, Socket } from 'node:dgram';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { log } from './log.ts';
import type { FinishedWork } from './tracing.ts';
import { sendSegments } from './xray-tracing-daemon.ts';

const work: FinishedWork = {
  place: { trace: '1-67890abc-0123456789abcdef01234567', parent: '53995c3f42cd8ad8', id: '0123456789abcdef' },
  name: 'relay',
  from: 1_500,
  to: 2_750,
  failed: false,
  annotations: { events: 2 },
  steps: [{ name: 'wait', from: 1_500, to: 2_000 }],
};

let warned: unknown[];
beforeEach(() => {
  warned = [];
  vi.spyOn(log, 'warn').mockImplementation((...entry) => {
    warned.push(entry);
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** Takes the network's place: what was sent, and where to. */
function watchSending() {
  const sent: { document: Record<string, unknown>; host: string; port: number }[] = [];
  vi.spyOn(Socket.prototype, 'send').mockImplementation(((
    datagram: string,
    port: number,
    host: string,
    done: (error: null) => void,
  ) => {
    const [preamble, document = ''] = datagram.split('\n');
    expect(preamble).toBe('{"format":"json","version":1}');
    sent.push({ document: JSON.parse(document), host, port });
    done(null);
  }) as never);
  return sent;
}

describe('work told to the X-Ray daemon', () => {
  test('is a segment of the trace that it belongs to, its times in seconds', async () => {
    const sent = watchSending();
    await sendSegments([work]);
    expect(sent.map(({ document }) => document)).toEqual([
      {
        name: 'relay',
        id: work.place.id,
        trace_id: work.place.trace,
        parent_id: work.place.parent,
        start_time: 1.5,
        end_time: 2.75,
        annotations: { events: 2 },
        subsegments: [
          { name: 'wait', id: expect.stringMatching(/^[0-9a-f]{16}$/), start_time: 1.5, end_time: 2 },
        ],
      },
    ]);
  });

  test('that failed is a fault', async () => {
    const sent = watchSending();
    await sendSegments([work, { ...work, failed: true }]);
    expect(sent.map(({ document }) => document['fault'])).toEqual([undefined, true]);
  });

  test.each([
    ['10.0.0.7:2001', '10.0.0.7', 2001],
    ['tcp:10.0.0.7:2001 udp:10.0.0.8:2002', '10.0.0.8', 2002],
    ['udp:10.0.0.8:2002 tcp:10.0.0.7:2001', '10.0.0.8', 2002],
    [undefined, '127.0.0.1', 2000],
  ])('goes where the setting %s says', async (setting, host, port) => {
    vi.stubEnv('AWS_XRAY_DAEMON_ADDRESS', setting);
    const sent = watchSending();
    await sendSegments([work]);
    expect(sent).toMatchObject([{ host, port }]);
  });

  test('that is none is not told', async () => {
    const sent = watchSending();
    await sendSegments([]);
    expect(sent).toEqual([]);
  });

  test.each([
    ['127.0.0.1:2000', 'x'.repeat(70_000), 'EMSGSIZE'],
    ['127.0.0.1:no-port', 'x', 'ERR_SOCKET_BAD_PORT'],
  ])('that cannot be sent to %s is logged, and keeps nobody from their work', async (address, note, code) => {
    vi.stubEnv('AWS_XRAY_DAEMON_ADDRESS', address);
    await expect(sendSegments([{ ...work, annotations: { note } }])).resolves.toBeUndefined();
    expect(warned).toEqual([
      ['Segments could not be sent to the X-Ray daemon', { reason: expect.stringContaining(code) }],
    ]);
  });

  test('arrives there', async () => {
    const daemon = createSocket('udp4');
    const arrived = new Promise<string>((resolve) => daemon.once('message', (bytes) => resolve(`${bytes}`)));
    await new Promise<void>((resolve) => daemon.bind(0, '127.0.0.1', resolve));
    vi.stubEnv('AWS_XRAY_DAEMON_ADDRESS', `127.0.0.1:${daemon.address().port}`);
    await sendSegments([work]);
    expect(await arrived).toContain('"name":"relay"');
    await new Promise<void>((resolve) => daemon.close(resolve));
  });
});
