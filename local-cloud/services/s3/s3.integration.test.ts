import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { administrator } from '../../core/access.ts';
import type { Service } from '../../core/service.ts';
import { createTestCloud, testResource } from '../../core/testing.ts';
import { createS3 } from './index.ts';

const cloud = createTestCloud();
const Bucket = 'skafu-test';
let server: Server;
let client: S3Client;

async function createBucket(): Promise<Service> {
  const service = await createS3(cloud);
  await service.resources['aws_s3_bucket']?.apply(
    testResource('aws_s3_bucket', 'b', { bucket: Bucket }),
    undefined,
  );
  return service;
}

beforeAll(async () => {
  const service = await createBucket();
  server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const url = new URL(request.url ?? '/', 'http://localhost');
    const answer = await service.handle?.({
      method: request.method ?? 'GET',
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers as Record<string, string>,
      body: Buffer.concat(parts),
      region: 'us-east-1',
      caller: administrator,
    });
    response.writeHead(answer?.status ?? 500, answer?.headers);
    response.end(answer?.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = new S3Client({
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    forcePathStyle: true,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
});

afterAll(async () => {
  client.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  cloud.remove();
});

async function textOf(Key: string, extra: object = {}): Promise<string | undefined> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, ...extra }));
  return Body?.transformToString();
}

describe('S3 through the JavaScript SDK', () => {
  it('gives back what was put, with its type and metadata', async () => {
    const put = await client.send(
      new PutObjectCommand({
        Bucket,
        Key: 'a folder/ä+b?.json',
        Body: '{"a":1}',
        ContentType: 'application/json',
        CacheControl: 'no-cache',
        Metadata: { owner: 'ada' },
      }),
    );
    const got = await client.send(new GetObjectCommand({ Bucket, Key: 'a folder/ä+b?.json' }));
    expect(await got.Body?.transformToString()).toBe('{"a":1}');
    expect(got).toMatchObject({
      ContentType: 'application/json',
      CacheControl: 'no-cache',
      Metadata: { owner: 'ada' },
      ETag: put.ETag,
      ContentLength: 7,
    });
  });

  it('decodes a stream that comes in chunks with a trailing checksum', async () => {
    const content = Buffer.alloc(140_000, 'stream ');
    await client.send(
      new PutObjectCommand({
        Bucket,
        Key: 'stream',
        Body: Readable.from([content.subarray(0, 70_000), content.subarray(70_000)]),
        ContentLength: content.length,
      }),
    );
    const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'stream', ChecksumMode: 'ENABLED' }));
    expect(head.ContentLength).toBe(140_000);
    expect(head.ChecksumCRC32).toBeDefined();
    expect(await textOf('stream')).toBe(content.toString());
  });

  it.each(['CRC32C', 'SHA1', 'SHA256'] as const)('verifies %s', async (ChecksumAlgorithm) => {
    await client.send(new PutObjectCommand({ Bucket, Key: 'checked', Body: 'content', ChecksumAlgorithm }));
    expect(await textOf('checked')).toBe('content');
  });

  it('refuses a body that does not match its checksum, and keeps nothing', async () => {
    const wrong = new PutObjectCommand({ Bucket, Key: 'wrong', Body: 'content', ChecksumCRC32: 'AAAAAA==' });
    await expect(client.send(wrong)).rejects.toMatchObject({ name: 'BadDigest' });
    await expect(textOf('wrong')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('answers ranges and conditions', async () => {
    const { ETag } = await client.send(new PutObjectCommand({ Bucket, Key: 'digits', Body: '0123456789' }));
    expect(await textOf('digits', { Range: 'bytes=2-4' })).toBe('234');
    expect(await textOf('digits', { Range: 'bytes=-3' })).toBe('789');
    await expect(textOf('digits', { Range: 'bytes=10-' })).rejects.toMatchObject({ name: 'InvalidRange' });
    await expect(textOf('digits', { IfNoneMatch: ETag })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 304 },
    });
    const onlyNew = new PutObjectCommand({ Bucket, Key: 'digits', Body: 'x', IfNoneMatch: '*' });
    await expect(client.send(onlyNew)).rejects.toMatchObject({ name: 'PreconditionFailed' });
  });

  it('lists by prefix and delimiter, page by page', async () => {
    for (const Key of ['list/1', 'list/2', 'list/sub/3', 'list/sub/4']) {
      await client.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
    }
    const input = { Bucket, Prefix: 'list/', Delimiter: '/', MaxKeys: 2 };
    const first = await client.send(new ListObjectsV2Command(input));
    expect(first.Contents?.map(({ Key }) => Key)).toEqual(['list/1', 'list/2']);
    const ContinuationToken = first.NextContinuationToken;
    const second = await client.send(new ListObjectsV2Command({ ...input, ContinuationToken }));
    expect(second.CommonPrefixes).toEqual([{ Prefix: 'list/sub/' }]);
    expect(second.IsTruncated).toBe(false);
  });

  it('copies and deletes', async () => {
    await client.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/list/1` }));
    expect(await textOf('copy')).toBe('list/1');
    const Objects = [{ Key: 'copy' }, { Key: 'never-there' }];
    const { Deleted } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(Deleted).toEqual(Objects);
    await expect(textOf('copy')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('names buckets, says which do not exist, and refuses what it does not support', async () => {
    const { Buckets } = await client.send(new ListBucketsCommand({}));
    expect(Buckets?.map(({ Name }) => Name)).toEqual([Bucket]);
    await client.send(new HeadBucketCommand({ Bucket }));
    await expect(client.send(new ListObjectsV2Command({ Bucket: 'nowhere' }))).rejects.toMatchObject({
      name: 'NoSuchBucket',
    });
    await expect(
      client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'large' })),
    ).rejects.toMatchObject({ name: 'NotImplemented' });
  });

  it('finds every object again after a restart', async () => {
    await createBucket();
    const object = await cloud.ports.objects.get(Bucket, 'digits');
    expect(object?.body.toString()).toBe('0123456789');
  });

  it('survives many writers of one key: memory and disk agree on the last', async () => {
    const bodies = Array.from({ length: 20 }, (_, index) => `version ${index}`);
    await Promise.all(
      bodies.map((Body) => client.send(new PutObjectCommand({ Bucket, Key: 'contended', Body }))),
    );
    const before = await textOf('contended');
    await createBucket();
    expect((await cloud.ports.objects.get(Bucket, 'contended'))?.body.toString()).toBe(before);
  });
});
