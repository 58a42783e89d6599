import { createHash } from 'node:crypto';
import {
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { decodeHeads, encodeHeads, type Heads, headsRoot, type Seal, sealRoot } from './seal.ts';
import type { SealedHead } from './verify-stream.ts';

/** A seal that does not agree with itself: its leaves do not give the root it names. */
export class SealBroken extends Error {
  override readonly name = 'SealBroken';
}

/** A seal as found, with the hash by which the next one names it. */
export interface FoundSeal {
  readonly seal: Seal;
  readonly digest: string;
}

/** Beyond what a number of milliseconds will ever be: what is left of it orders the newest first. */
const endOfTime = 9_999_999_999_999;

/**
 * Seals in a bucket that keeps what was written:
 *
 * | object | what |
 * |---|---|
 * | `seals/<what is left of time>.json` | a seal; the newest comes first |
 * | `segments/<segment>/<time>.json.gz` | the leaves of a segment |
 * | `claims/<slot>` | who came first to seal in this hour |
 */
export interface SealArchive {
  newest(): Promise<FoundSeal | undefined>;
  /** Whether the caller is the first to seal in this slot. */
  claim(slot: number): Promise<boolean>;
  /** Answers the object that holds the leaves. */
  keepHeads(segment: number, time: number, heads: Heads): Promise<string>;
  /** The leaves of a segment. Throws `SealBroken` when they do not give its root. */
  headsOf(segment: { readonly object: string; readonly root: string }): Promise<Heads>;
  keepSeal(seal: Seal): Promise<FoundSeal>;
}

export function createSealArchive(client: S3Client, bucket: string): SealArchive {
  async function read(key: string): Promise<Uint8Array> {
    const { Body: body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return (await body?.transformToByteArray()) ?? new Uint8Array();
  }
  const write = (key: string, body: Uint8Array | string, onlyNew = false) =>
    client.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: body,
        ...(onlyNew ? { IfNoneMatch: '*' } : {}),
      }),
    );

  return {
    async newest() {
      const { Contents: [first] = [] } = await client.send(
        new ListObjectsV2Command({ Bucket: bucket, Prefix: 'seals/', MaxKeys: 1 }),
      );
      if (first?.Key === undefined) return undefined;
      const text = Buffer.from(await read(first.Key)).toString('utf8');
      const seal = JSON.parse(text) as Seal;
      if (sealRoot(seal.segments) !== seal.root)
        throw new SealBroken(`The seal ${first.Key} does not have the root that its segments give.`);
      return { seal, digest: digestOf(text) };
    },

    async claim(slot) {
      try {
        await write(`claims/${slot}`, '', true);
        return true;
      } catch (error) {
        if (error instanceof S3ServiceException && error.name === 'PreconditionFailed') return false;
        throw error;
      }
    },

    async keepHeads(segment, time, heads) {
      const key = `segments/${segment}/${new Date(time).toISOString()}.json.gz`;
      await write(key, encodeHeads(heads));
      return key;
    },

    async headsOf({ object, root }) {
      const heads = decodeHeads(await read(object));
      if (Buffer.from(headsRoot(heads)).toString('hex') !== root)
        throw new SealBroken(`The leaves in ${object} do not give the root that was sealed.`);
      return heads;
    },

    async keepSeal(seal) {
      const text = JSON.stringify(seal);
      await write(`seals/${endOfTime - Date.parse(seal.time)}.json`, text, true);
      return { seal, digest: digestOf(text) };
    },
  };
}

/** All that a seal says: where each stream of the store ended. */
export async function sealedHeads(archive: SealArchive, seal: Seal): Promise<Map<string, SealedHead>> {
  const heads = new Map<string, SealedHead>();
  for (const segment of seal.segments) {
    for (const [key, head] of await archive.headsOf(segment)) {
      if (head.commit > (heads.get(key)?.commit ?? 0)) heads.set(key, head);
    }
  }
  return heads;
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
