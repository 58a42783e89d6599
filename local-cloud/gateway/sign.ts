import type { Credentials } from '../core/access.ts';
import { algorithm, canonicalRequest, scopeText, sha256, signatureOf, timestampOf } from './canonical.ts';

/** Headers that sign a request without a query; `headers` have lower-case names, and `host` is among those signed. */
export function signedHeaders(
  request: { method: string; url: URL; headers: Readonly<Record<string, string>>; body: string | Uint8Array },
  credentials: Pick<Credentials, 'accessKeyId' | 'secretAccessKey'> & { sessionToken?: string },
  { region, service }: { region: string; service: string },
  now = new Date(),
): Record<string, string> {
  const timestamp = timestampOf(now);
  const scope = { day: timestamp.slice(0, 8), region, service };
  const headers: Record<string, string> = {
    ...request.headers,
    'x-amz-date': timestamp,
    ...(credentials.sessionToken === undefined ? {} : { 'x-amz-security-token': credentials.sessionToken }),
  };
  const signed = { ...headers, host: request.url.host };
  const names = Object.keys(signed).sort();
  const canonical = canonicalRequest(
    { method: request.method, path: request.url.pathname, query: request.url.searchParams, headers: signed },
    names,
    sha256(request.body),
    service,
  );
  const signature = signatureOf(canonical, timestamp, scope, credentials.secretAccessKey);
  return {
    ...headers,
    authorization: `${algorithm} Credential=${credentials.accessKeyId}/${scopeText(scope)}, SignedHeaders=${names.join(';')}, Signature=${signature}`,
  };
}
