import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { badDigest, unsupported } from './errors.ts';

const algorithms: Record<string, (body: Buffer) => Buffer> = {
  crc32: (body) => bigEndian(crc32(body)),
  crc32c: (body) => bigEndian(crc32c(body)),
  sha1: (body) => createHash('sha1').update(body).digest(),
  sha256: (body) => createHash('sha256').update(body).digest(),
};

/**
 * Verifies every `x-amz-checksum-*` and `content-md5` that came with a body, as header or trailer, and answers the
 * checksum headers to keep. Throws `BadDigest`, or `NotImplemented` for an algorithm the local cloud does not know.
 */
export function verifyChecksums(body: Buffer, given: Record<string, string>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    const [, algorithm] = /^x-amz-checksum-(crc32|crc32c|crc64nvme|sha1|sha256)$/.exec(name) ?? [];
    if (!algorithm) continue;
    const compute = algorithms[algorithm];
    if (!compute) throw unsupported(`checksum algorithm ${algorithm.toUpperCase()}`);
    if (compute(body).toString('base64') !== value) {
      throw badDigest(`The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`);
    }
    kept[name] = value;
  }
  const md5 = given['content-md5'];
  if (md5 !== undefined && createHash('md5').update(body).digest('base64') !== md5) {
    throw badDigest('The Content-MD5 you specified did not match what we received.');
  }
  return kept;
}

function bigEndian(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

// The Castagnoli polynomial, bits reversed.
const castagnoli = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value >>> 0;
});

function crc32c(body: Buffer): number {
  let value = 0xffffffff;
  for (const byte of body) value = (value >>> 8) ^ (castagnoli[(value ^ byte) & 0xff] ?? 0);
  return value ^ 0xffffffff;
}
