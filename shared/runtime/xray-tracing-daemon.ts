import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { log } from './log.ts';
import { optionalSetting } from './settings.ts';
import type { FinishedWork } from './tracing.ts';

/** What the X-Ray daemon wants before each document. */
const preamble = '{"format":"json","version":1}\n';

/**
 * Sends work to the X-Ray daemon as segments of the traces that it belongs to: the SDK knows only the trace of its own
 * invocation. Waits until the datagrams have left, for Lambda freezes the process as soon as the handler has answered.
 */
export async function sendSegments(finished: readonly FinishedWork[]): Promise<void> {
  if (finished.length === 0) return;
  const [host = '', port = ''] = daemonAddress().split(':');
  const socket = createSocket('udp4');
  try {
    for (const work of finished) {
      const datagram = preamble + JSON.stringify(segmentOf(work));
      await new Promise<void>((resolve, reject) => {
        socket.send(datagram, Number(port), host, (error) => (error ? reject(error) : resolve()));
      });
    }
  } catch (error) {
    // A trace that lacks a part must not keep the work from being done.
    log.warn('Segments could not be sent to the X-Ray daemon', { reason: String(error) });
  } finally {
    socket.close();
  }
}

/** `host:port`, or `tcp:host:port udp:host:port`, of which segments take the latter. */
function daemonAddress(): string {
  const address = optionalSetting('AWS_XRAY_DAEMON_ADDRESS') ?? '127.0.0.1:2000';
  return /udp:(\S+)/.exec(address)?.[1] ?? address;
}

/** The segment document of the work. Times are seconds there. */
function segmentOf({ place, name, from, to, failed, annotations, steps }: FinishedWork) {
  return {
    name,
    id: place.id,
    trace_id: place.trace,
    parent_id: place.parent,
    start_time: from / 1000,
    end_time: to / 1000,
    ...(failed ? { fault: true } : {}),
    annotations,
    subsegments: steps.map((step) => ({
      name: step.name,
      id: randomBytes(8).toString('hex'),
      start_time: step.from / 1000,
      end_time: step.to / 1000,
    })),
  };
}
