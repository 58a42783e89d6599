import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';

/** What the console reads from `/config.json` when it starts, so that one build serves every environment. */
export interface ConsoleConfig {
  /** `local`, `dev`, `staging` or `prod`. */
  environment: string;
  region: string;
  userPoolId: string;
  userPoolClientId: string;
  /** Only where Cognito is not AWS's own. */
  userPoolEndpoint?: string;
}

export interface ConsoleDeployment {
  bucket: string;
  /** The built console: holds `index.html` and `assets/`. */
  directory: string;
  config: ConsoleConfig;
  /** Address of an S3 that is not AWS's own. */
  endpoint?: string;
}

interface ConsoleFile {
  key: string;
  body: Buffer;
}

const contentTypes: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
};

/**
 * Puts the built console and its `config.json` into the bucket. Objects that already hold the same bytes are left alone;
 * assets of earlier builds stay, for the tabs that still run them. Answers how many objects were written and kept.
 */
export async function deployConsole(
  deployment: ConsoleDeployment,
): Promise<{ written: number; kept: number }> {
  const { bucket, directory, config, endpoint } = deployment;
  // An S3 that is not AWS's own knows no accounts: any credentials do, and none may be lying about to be found.
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const local = endpoint === undefined ? {} : { endpoint, forcePathStyle: true, credentials };
  const client = new S3Client({ region: config.region, ...local });
  try {
    const present = await listHashes(client, bucket);
    const configFile = { key: 'config.json', body: Buffer.from(`${JSON.stringify(config, null, 2)}\n`) };
    const files = [...readConsole(directory), configFile].sort(pageLast);
    const changed = files.filter(({ key, body }) => present.get(key) !== md5(body));
    for (const file of changed) await put(client, bucket, file);
    return { written: changed.length, kept: files.length - changed.length };
  } finally {
    client.destroy();
  }
}

/** The page names its assets, so they must stand before it does. */
function pageLast(left: ConsoleFile, right: ConsoleFile): number {
  return (
    Number(left.key === 'index.html') - Number(right.key === 'index.html') || (left.key < right.key ? -1 : 1)
  );
}

function readConsole(directory: string): ConsoleFile[] {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const files = entries.map((entry) => {
    const path = join(entry.parentPath, entry.name);
    return { key: relative(directory, path).split(sep).join('/'), body: readFileSync(path) };
  });
  // Vite keeps its own notes in a hidden folder.
  const served = files.filter(({ key }) => !key.startsWith('.'));
  if (served.some(({ key }) => key === 'index.html')) return served;
  throw new Error(`${directory} holds no index.html: build the console first.`);
}

/** An object's ETag is the MD5 of its bytes where S3 encrypts with its own keys; any other ETag only costs an upload. */
async function listHashes(client: S3Client, bucket: string): Promise<Map<string, string>> {
  const hashes = new Map<string, string>();
  let next: string | undefined;
  do {
    const page = await client.send(new ListObjectsV2Command({ Bucket: bucket, ContinuationToken: next }));
    for (const { Key = '', ETag = '' } of page.Contents ?? []) hashes.set(Key, ETag.replaceAll('"', ''));
    next = page.NextContinuationToken;
  } while (next !== undefined);
  return hashes;
}

async function put(client: S3Client, bucket: string, { key, body }: ConsoleFile): Promise<void> {
  await client.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: key,
      Body: body,
      ContentType: contentTypes[extname(key)] ?? 'application/octet-stream',
      CacheControl: cachingOf(key),
    }),
  );
}

/** The build names everything in `assets/` after its content. The configuration is not even kept to be asked about. */
function cachingOf(key: string): string {
  if (key.startsWith('assets/')) return 'public, max-age=31536000, immutable';
  return key === 'config.json' ? 'no-store' : 'no-cache';
}

function md5(body: Buffer): string {
  return createHash('md5').update(body).digest('hex');
}
