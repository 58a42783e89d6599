import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import { type Case, type Clients, refusalOf } from '../case.ts';

async function put({ s3, bucket }: Clients, Key: string, Body = 'hello', more = {}) {
  return s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body, ...more }));
}

const service = 'S3';

export const s3Cases: Case[] = [
  {
    service,
    name: 'an object is read back with its type, its own metadata and its digest',
    operations: ['PutObject', 'GetObject'],
    async run(clients) {
      const Key = clients.name();
      const { ETag } = await put(clients, Key, 'hello', {
        ContentType: 'text/plain',
        Metadata: { color: 'red' },
      });
      expect(ETag).toBe('"5d41402abc4b2a76b9719d911017c592"');
      const read = await clients.s3.send(new GetObjectCommand({ Bucket: clients.bucket, Key }));
      expect(await read.Body?.transformToString()).toBe('hello');
      expect(read).toMatchObject({ ContentType: 'text/plain', Metadata: { color: 'red' }, ETag });
    },
  },
  {
    service,
    name: 'a part of an object is read by its range',
    operations: ['GetObject'],
    async run(clients) {
      const Key = clients.name();
      await put(clients, Key);
      const read = await clients.s3.send(
        new GetObjectCommand({ Bucket: clients.bucket, Key, Range: 'bytes=1-3' }),
      );
      expect(await read.Body?.transformToString()).toBe('ell');
      expect(read.ContentRange).toBe('bytes 1-3/5');
    },
  },
  {
    service,
    name: 'an object is written only where there is none, on request',
    operations: ['PutObject'],
    async run(clients) {
      const Key = clients.name();
      await put(clients, Key, 'first', { IfNoneMatch: '*' });
      expect(await refusalOf(put(clients, Key, 'second', { IfNoneMatch: '*' }))).toBe('PreconditionFailed');
    },
  },
  {
    service,
    name: 'a body that is not what its checksum says is refused',
    operations: ['PutObject'],
    settled:
      'BadDigest: the checksum that was sent must be that of the body, https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html',
    async run(clients) {
      const wrong = put(clients, clients.name(), 'hello', {
        ChecksumSHA256: Buffer.alloc(32).toString('base64'),
      });
      expect(await refusalOf(wrong)).toMatch(/BadDigest|InvalidDigest|InvalidRequest/u);
    },
  },
  {
    service,
    name: 'a list goes by folders and in parts',
    operations: ['ListObjectsV2'],
    async run(clients) {
      const prefix = `${clients.name()}/`;
      for (const key of ['a', 'b/1', 'b/2', 'c']) await put(clients, prefix + key);
      const list = { Bucket: clients.bucket, Prefix: prefix, Delimiter: '/', MaxKeys: 2 };
      const first = await clients.s3.send(new ListObjectsV2Command(list));
      expect(first.Contents?.map(({ Key }) => Key)).toEqual([`${prefix}a`]);
      expect(first.CommonPrefixes).toEqual([{ Prefix: `${prefix}b/` }]);
      const second = await clients.s3.send(
        new ListObjectsV2Command({ ...list, ContinuationToken: first.NextContinuationToken }),
      );
      expect(second.Contents?.map(({ Key }) => Key)).toEqual([`${prefix}c`]);
    },
  },
  {
    service,
    name: 'a copy is an object of its own',
    operations: ['CopyObject', 'DeleteObject', 'HeadObject'],
    async run(clients) {
      const { s3, bucket, name } = clients;
      const [from, to] = [name(), name()];
      await put(clients, from);
      await s3.send(new CopyObjectCommand({ Bucket: bucket, Key: to, CopySource: `${bucket}/${from}` }));
      await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: from }));
      expect((await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: to }))).ContentLength).toBe(5);
    },
  },
  {
    service,
    name: 'several objects are deleted at once, also those that are not there',
    operations: ['DeleteObjects'],
    async run(clients) {
      const [there, not] = [clients.name(), clients.name()];
      await put(clients, there);
      const Delete = { Objects: [{ Key: there }, { Key: not }] };
      const { Deleted } = await clients.s3.send(new DeleteObjectsCommand({ Bucket: clients.bucket, Delete }));
      expect(Deleted?.map(({ Key }) => Key).sort()).toEqual([there, not].sort());
    },
  },
  {
    service,
    name: 'what has not changed is not sent again',
    operations: ['GetObject'],
    async run(clients) {
      const Key = clients.name();
      const { ETag } = await put(clients, Key);
      const again = clients.s3.send(new GetObjectCommand({ Bucket: clients.bucket, Key, IfNoneMatch: ETag }));
      await expect(again).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
    },
  },
  {
    service,
    name: 'an object that is not there is told by name',
    operations: ['GetObject'],
    async run({ s3, bucket, name }) {
      expect(await refusalOf(s3.send(new GetObjectCommand({ Bucket: bucket, Key: name() })))).toBe(
        'NoSuchKey',
      );
    },
  },
];
