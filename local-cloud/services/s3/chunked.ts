import { invalidRequest } from './errors.ts';

/**
 * Takes the `aws-chunked` framing off a body, as the SDKs send streams: chunks with their size in hexadecimal (and
 * perhaps a signature), then trailing headers. Throws `InvalidRequest` or `IncompleteBody` for broken framing.
 */
export function decodeChunks(framed: Buffer): { body: Buffer; trailers: Record<string, string> } {
  const chunks: Buffer[] = [];
  let position = 0;
  for (;;) {
    const lineEnd = framed.indexOf('\r\n', position);
    if (lineEnd < 0) throw incomplete();
    const [size = ''] = framed.toString('latin1', position, lineEnd).split(';');
    if (!/^[0-9a-f]{1,8}$/i.test(size)) throw incomplete();
    const length = Number.parseInt(size, 16);
    position = lineEnd + 2;
    if (length === 0) return { body: Buffer.concat(chunks), trailers: readTrailers(framed, position) };
    const end = position + length;
    if (end + 2 > framed.length || framed.toString('latin1', end, end + 2) !== '\r\n') throw incomplete();
    chunks.push(framed.subarray(position, end));
    position = end + 2;
  }
}

function readTrailers(framed: Buffer, position: number): Record<string, string> {
  const trailers: Record<string, string> = {};
  for (const line of framed.toString('latin1', position).split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) trailers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  return trailers;
}

function incomplete() {
  return invalidRequest('The aws-chunked framing of the request body is broken.');
}
