import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';

export interface StoredObject {
  body: string;
  type: string | undefined;
  cache: string | undefined;
}

/** As much of S3 as an upload meets: PUT of an object, and a listing that comes in pages of two. */
export function bucketServer(objects: Map<string, StoredObject>): Server {
  return createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://bucket');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (request.method === 'PUT') {
      const [, , ...key] = url.pathname.split('/');
      const { 'content-type': type, 'cache-control': cache } = request.headers;
      objects.set(key.join('/'), { body: Buffer.concat(chunks).toString(), type, cache });
      response.end();
      return;
    }
    const first = Number(url.searchParams.get('continuation-token') ?? 0);
    const keys = [...objects.keys()];
    const contents = keys.slice(first, first + 2).map((key) => {
      const hash = createHash('md5')
        .update(objects.get(key)?.body ?? '')
        .digest('hex');
      return `<Contents><Key>${key}</Key><ETag>&quot;${hash}&quot;</ETag></Contents>`;
    });
    const next = first + 2 < keys.length ? `<NextContinuationToken>${first + 2}</NextContinuationToken>` : '';
    response.end(`<ListBucketResult>${contents.join('')}${next}</ListBucketResult>`);
  });
}
