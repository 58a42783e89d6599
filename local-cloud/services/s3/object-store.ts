import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { noSuchBucket } from './errors.ts';

/** What is kept beside an object's bytes. */
export interface StoredObject {
  key: string;
  /** Name of the file that holds the bytes. */
  blob: string;
  size: number;
  /** MD5 in hexadecimal, unquoted. */
  etag: string;
  /** Epoch milliseconds. */
  lastModified: number;
  /** `content-type`, `cache-control` and their like. */
  headers: Record<string, string>;
  /** `x-amz-meta-*` without the prefix. */
  metadata: Record<string, string>;
  /** `x-amz-checksum-*`. */
  checksums: Record<string, string>;
}

interface Bucket {
  createdAt: number;
  objects: Map<string, StoredObject>;
}

export type NewObject = Pick<StoredObject, 'key' | 'headers' | 'metadata' | 'checksums'> & { body: Buffer };

/**
 * Buckets as folders: `<bucket>/blobs/<uuid>` holds the bytes and `<bucket>/keys/<hash of the key>.json` names them.
 * Renaming the latter into place is the moment an object changes: a reader finds the old one or the new one, whole.
 */
export class ObjectStore {
  private readonly folder: string;
  private readonly buckets = new Map<string, Bucket>();
  private lastCommit: Promise<unknown> = Promise.resolve();

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Opens a bucket, making it when absent, and drops bytes no key names (of an upload that was cut off). */
  async openBucket(name: string, createdAt: number): Promise<void> {
    if (this.buckets.has(name)) return;
    const objects = new Map<string, StoredObject>();
    for (const part of ['keys', 'blobs']) await mkdir(join(this.folder, name, part), { recursive: true });
    for (const file of await readdir(join(this.folder, name, 'keys'))) {
      if (!file.endsWith('.json')) continue;
      const text = await readFile(join(this.folder, name, 'keys', file), 'utf8');
      const object = JSON.parse(text) as StoredObject;
      objects.set(object.key, object);
    }
    const named = new Set([...objects.values()].map((object) => object.blob));
    for (const file of await readdir(join(this.folder, name, 'blobs'))) {
      if (!named.has(file)) await rm(join(this.folder, name, 'blobs', file), { force: true });
    }
    this.buckets.set(name, { createdAt, objects });
  }

  async removeBucket(name: string): Promise<void> {
    this.buckets.delete(name);
    await rm(join(this.folder, name), { recursive: true, force: true });
  }

  hasBucket(name: string): boolean {
    return this.buckets.has(name);
  }

  listBuckets(): { name: string; createdAt: number }[] {
    return [...this.buckets]
      .map(([name, { createdAt }]) => ({ name, createdAt }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Bytes of all objects of a bucket. Throws `NoSuchBucket`. */
  bytes(bucket: string): number {
    return [...this.bucket(bucket).objects.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** Throws `NoSuchBucket`. */
  find(bucket: string, key: string): StoredObject | undefined {
    return this.bucket(bucket).objects.get(key);
  }

  /** Keys of a bucket in UTF-8 binary order. Throws `NoSuchBucket`. */
  keys(bucket: string): string[] {
    return [...this.bucket(bucket).objects.keys()].sort((a, b) =>
      Buffer.compare(Buffer.from(a), Buffer.from(b)),
    );
  }

  /** The object and its bytes, of one and the same version; undefined when there is none. Throws `NoSuchBucket`. */
  async read(bucket: string, key: string): Promise<{ object: StoredObject; body: Buffer } | undefined> {
    for (;;) {
      const object = this.find(bucket, key);
      if (!object) return undefined;
      try {
        return { object, body: await readFile(join(this.folder, bucket, 'blobs', object.blob)) };
      } catch (error) {
        // Its bytes go when it is replaced meanwhile: then the newer one is read. Otherwise they are lost.
        if (this.find(bucket, key) === object) throw error;
      }
    }
  }

  /** Durable when it returns. */
  async put(bucket: string, { body, ...given }: NewObject): Promise<StoredObject> {
    const { objects } = this.bucket(bucket);
    const stored: StoredObject = {
      ...given,
      blob: randomUUID(),
      size: body.length,
      etag: createHash('md5').update(body).digest('hex'),
      lastModified: Math.floor(Date.now() / 1000) * 1000,
    };
    await writeDurably(join(this.folder, bucket, 'blobs', stored.blob), body);
    return this.inTurn(async () => {
      const keyFile = this.keyFile(bucket, stored.key);
      const temporary = `${keyFile}.new`;
      await writeDurably(temporary, JSON.stringify(stored));
      await rename(temporary, keyFile);
      await syncFolder(join(this.folder, bucket, 'keys'));
      const replaced = objects.get(stored.key);
      objects.set(stored.key, stored);
      if (replaced) await rm(join(this.folder, bucket, 'blobs', replaced.blob), { force: true });
      return stored;
    });
  }

  /** Removing what is not there is no error, as in S3. */
  async remove(bucket: string, key: string): Promise<void> {
    const { objects } = this.bucket(bucket);
    return this.inTurn(async () => {
      const object = objects.get(key);
      if (!object) return;
      await rm(this.keyFile(bucket, key), { force: true });
      await syncFolder(join(this.folder, bucket, 'keys'));
      objects.delete(key);
      await rm(join(this.folder, bucket, 'blobs', object.blob), { force: true });
    });
  }

  /** Keeps every object as it is until what it answers is called. */
  async hold(): Promise<() => void> {
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    await new Promise<void>((held) => {
      void this.inTurn(async () => {
        held();
        await released;
      });
    });
    return release;
  }

  /** Commits follow each other, so that memory and disk agree on which of two writers of a key was last. */
  private inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.lastCommit.then(work);
    // The caller hears of a failure; the next in line must only wait for it to be over.
    this.lastCommit = turn.catch(() => undefined);
    return turn;
  }

  private bucket(name: string): Bucket {
    const bucket = this.buckets.get(name);
    if (!bucket) throw noSuchBucket(name);
    return bucket;
  }

  private keyFile(bucket: string, key: string): string {
    return join(this.folder, bucket, 'keys', `${createHash('sha256').update(key).digest('hex')}.json`);
  }
}

async function writeDurably(path: string, content: Buffer | string): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
