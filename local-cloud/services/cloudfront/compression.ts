import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const brotli = promisify(brotliCompress);
const gzipped = promisify(gzip);

// What CloudFront compresses: text-like types between 1,000 and 10,000,000 bytes.
const compressible =
  /^(text\/|image\/svg\+xml|font\/(otf|ttf|opentype)|application\/(\S+\+)?(json|xml|javascript|x-javascript|wasm|manifest|graphql|dash|vnd\.ms-fontobject|vnd\.apple\.mpegurl))/;
const smallest = 1000;
const largest = 10_000_000;
const memoryLimit = 64 * 1024 * 1024;

export type Encoding = 'br' | 'gzip';

/** The encoding to answer in, if the viewer accepts one of those on offer; Brotli before gzip. */
export function chooseEncoding(
  accepted: string | undefined,
  offered: { brotli: boolean; gzip: boolean },
): Encoding | undefined {
  const accepts = new Set(
    (accepted ?? '')
      .split(',')
      .map((entry) => entry.trim().toLowerCase().split(';'))
      .filter(([, quality]) => !/^\s*q=0(\.0*)?$/.test(quality ?? ''))
      .map(([name]) => name),
  );
  if (offered.brotli && accepts.has('br')) return 'br';
  return offered.gzip && accepts.has('gzip') ? 'gzip' : undefined;
}

export function isCompressible(contentType: string, size: number): boolean {
  return size >= smallest && size <= largest && compressible.test(contentType.toLowerCase());
}

/** Compresses, and remembers by `identity` (address and ETag of the object), so that each is compressed once. */
export class Compressor {
  private readonly known = new Map<string, Promise<Buffer>>();
  private held = 0;

  compress(identity: string | undefined, encoding: Encoding, body: Buffer): Promise<Buffer> {
    if (identity === undefined) return run(encoding, body);
    const key = `${encoding} ${identity}`;
    const ready = this.known.get(key);
    if (ready) return ready;
    const compressed = run(encoding, body);
    if (this.held > memoryLimit) {
      this.known.clear();
      this.held = 0;
    }
    this.held += body.length;
    this.known.set(key, compressed);
    return compressed;
  }
}

function run(encoding: Encoding, body: Buffer): Promise<Buffer> {
  if (encoding === 'gzip') return gzipped(body);
  // Level 5 is CloudFront's trade: nearly as small as level 11, at a thirtieth of its time.
  return brotli(body, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_SIZE_HINT]: body.length },
  });
}
