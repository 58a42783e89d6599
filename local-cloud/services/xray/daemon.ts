import { createSocket } from 'node:dgram';
import type { Logger } from '../../core/logger.ts';
import type { SegmentDocument } from '../../core/telemetry.ts';
import { parseSegment } from './segments.ts';

/**
 * Takes segments as the X-Ray daemon does: UDP datagrams of a header line `{"format": "json", "version": 1}` and a
 * document. What cannot be read is logged and dropped; UDP has no one to tell.
 */
export async function listenForSegments(
  take: (document: SegmentDocument) => void,
  logger: Logger,
): Promise<{ address: string; close(): Promise<void> }> {
  const socket = createSocket('udp4');
  socket.on('message', (datagram) => {
    const text = datagram.toString('utf8');
    const end = text.indexOf('\n');
    try {
      const header = JSON.parse(text.slice(0, end)) as { format?: unknown; version?: unknown };
      if (header.format !== 'json' || header.version !== 1)
        throw new Error('The header is not of this format.');
      take(parseSegment(text.slice(end + 1)));
    } catch (error) {
      logger.warn('A trace segment could not be read.', { reason: String(error), bytes: datagram.length });
    }
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(0, '127.0.0.1', () => {
      socket.off('error', reject);
      resolve();
    });
  });
  socket.on('error', (error) => logger.error('The X-Ray listener failed.', { reason: String(error) }));
  return {
    address: `127.0.0.1:${socket.address().port}`,
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}
