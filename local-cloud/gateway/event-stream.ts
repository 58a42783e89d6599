import { AwsError } from '../core/errors.ts';
import type { EventStream } from '../core/event-stream.ts';
import { encodeJson } from './json.ts';

/** The polynomial of CRC-32 as gzip and Ethernet have it, its bits reversed. */
const POLYNOMIAL = 0xedb88320;
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++)
    remainder = remainder & 1 ? (remainder >>> 1) ^ POLYNOMIAL : remainder >>> 1;
  return remainder;
});

function checksum(bytes: Uint8Array): number {
  let remainder = 0xffffffff;
  for (const byte of bytes) remainder = (remainder >>> 8) ^ (TABLE[(remainder ^ byte) & 0xff] ?? 0);
  return (remainder ^ 0xffffffff) >>> 0;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

const STRING = 7;

/** Name and text, each with its length before it. */
function header(name: string, value: string): Buffer {
  const text = Buffer.from(value);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(text.length);
  return Buffer.concat([Buffer.from([name.length]), Buffer.from(name), Buffer.from([STRING]), length, text]);
}

/**
 * One message of `application/vnd.amazon.eventstream`: its length, the length of its headers and a checksum of both, then
 * headers, payload, and a checksum of it all. https://smithy.io/2.0/aws/amazon-eventstream.html
 */
export function eventStreamMessage(headers: Record<string, string>, payload: Uint8Array): Buffer {
  const written = Buffer.concat(Object.entries(headers).map(([name, value]) => header(name, value)));
  const prelude = Buffer.concat([uint32(written.length + payload.length + 16), uint32(written.length)]);
  const message = Buffer.concat([prelude, uint32(checksum(prelude)), written, payload]);
  return Buffer.concat([message, uint32(checksum(message))]);
}

/** The events of a JSON service as its clients read them: the first one is the answer itself, which holds no more. */
export async function* eventStreamBody(stream: EventStream, contentType: string): AsyncGenerator<Uint8Array> {
  const event = (type: string, payload: object) =>
    eventStreamMessage(
      { ':message-type': 'event', ':event-type': type, ':content-type': contentType },
      Buffer.from(encodeJson(payload)),
    );
  yield event('initial-response', {});
  try {
    for await (const { type, payload } of stream.events) yield event(type, payload);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    yield eventStreamMessage(
      { ':message-type': 'exception', ':exception-type': error.code, ':content-type': contentType },
      Buffer.from(encodeJson({ message: error.message })),
    );
  }
}
