import {
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  type PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';

/** A bucket in memory, for tests of what keeps objects. `objects` are what it holds, by key. */
export function createMemoryBucket(objects: Map<string, Uint8Array> = new Map()): S3Client {
  async function send(command: GetObjectCommand | ListObjectsV2Command | PutObjectCommand) {
    if (command instanceof ListObjectsV2Command) {
      const { Prefix: prefix = '', MaxKeys: limit } = command.input;
      const keys = [...objects.keys()].filter((key) => key.startsWith(prefix)).sort();
      return { Contents: keys.slice(0, limit).map((Key) => ({ Key })) };
    }
    const { Key: key = '' } = command.input;
    const standing = objects.get(key);
    if (command instanceof GetObjectCommand) {
      if (!standing) throw new NoSuchKey({ message: `There is no ${key}.`, $metadata: {} });
      return { Body: { transformToByteArray: async () => standing } };
    }
    if (standing && command.input.IfNoneMatch)
      throw new S3ServiceException({ name: 'PreconditionFailed', $fault: 'client', $metadata: {} });
    objects.set(key, Buffer.from(command.input.Body as Uint8Array | string));
    return {};
  }

  return { send } as unknown as S3Client;
}
