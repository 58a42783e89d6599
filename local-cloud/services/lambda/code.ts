import { createHash, randomUUID } from 'node:crypto';
import { access, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { crc32 } from 'node:zlib';
import { unzipSync } from 'fflate';
import { AwsError } from '../../core/errors.ts';

export interface UnpackedCode {
  folder: string;
  sha256: string;
  size: number;
}

/** Reads the deployment archive of a function. Throws `AwsError` when there is none. */
export function readArchiveFile(functionName: string, archivePath: string): Promise<Buffer> {
  return readFile(archivePath).catch((error: unknown) => {
    throw new AwsError('InvalidParameterValueException', `Cannot read the code of ${functionName}: ${error}`);
  });
}

/** Where the code of this hash (base64 SHA-256 of its archive) is kept. */
export function codeFolderOf(dataDirectory: string, functionName: string, sha256: string): string {
  const hash = Buffer.from(sha256, 'base64').toString('hex').slice(0, 32);
  return join(dataDirectory, 'functions', functionName, hash);
}

/**
 * Unpacks a deployment archive into `<data-directory>/functions/<name>/<hash>/`, once per content. The folder appears
 * whole or not at all, so a start that was killed half way leaves nothing that looks finished.
 */
export async function unpackCode(
  dataDirectory: string,
  functionName: string,
  archive: Buffer,
): Promise<UnpackedCode> {
  const sha256 = createHash('sha256').update(archive).digest('base64');
  const functionsFolder = join(dataDirectory, 'functions');
  const folder = codeFolderOf(dataDirectory, functionName, sha256);
  const unpacked = { folder, sha256, size: archive.length };
  if (await exists(folder)) return unpacked;
  await mkdir(functionsFolder, { recursive: true });
  await stopPackageScopeLookup(functionsFolder);
  const partial = `${folder}.${randomUUID()}`;
  try {
    await writeArchive(archive, partial, functionName);
    await rename(partial, folder);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    // Somebody else unpacked the same meanwhile.
    if (await exists(folder)) return unpacked;
    throw error;
  }
  return unpacked;
}

/** Removes the code of a function that stands in none of these folders; nothing of it may be running. */
export async function removeOtherCode(
  dataDirectory: string,
  functionName: string,
  keep: ReadonlySet<string>,
): Promise<void> {
  const parent = join(dataDirectory, 'functions', functionName);
  const names = await readdir(parent).catch(() => []);
  const others = names.map((name) => join(parent, name)).filter((folder) => !keep.has(folder));
  await Promise.all(others.map((folder) => rm(folder, { recursive: true, force: true })));
}

async function writeArchive(archive: Buffer, folder: string, functionName: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, content] of Object.entries(readArchive(archive, functionName))) {
    const target = resolve(folder, name);
    if (!target.startsWith(folder + sep)) {
      throw new AwsError(
        'InvalidParameterValueException',
        `The code of ${functionName} names the path ${name}.`,
      );
    }
    if (name.endsWith('/')) continue;
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, content);
  }
}

function readArchive(archive: Buffer, functionName: string): Record<string, Uint8Array> {
  try {
    const content = unzipSync(archive);
    // Deflate does not notice every torn archive, such as one that is being written over.
    for (const [name, checksum] of checksumsOf(archive)) {
      if (crc32(content[name] ?? '') !== checksum) throw new Error(`the checksum of ${name} is wrong`);
    }
    return content;
  } catch (error) {
    throw new AwsError(
      'InvalidParameterValueException',
      `Could not unzip the code of ${functionName}: ${error}`,
    );
  }
}

/** CRC-32 by name, from the central directory of a ZIP archive (APPNOTE.TXT 4.3.12). */
function* checksumsOf(archive: Buffer): Generator<[name: string, checksum: number]> {
  const end = archive.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  let at = archive.readUInt32LE(end + 16);
  for (let entries = archive.readUInt16LE(end + 10); entries > 0; entries -= 1) {
    const nameLength = archive.readUInt16LE(at + 28);
    const name = archive.toString('utf8', at + 46, at + 46 + nameLength);
    if (!name.endsWith('/')) yield [name, archive.readUInt32LE(at + 16)];
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
}

/** Without this, the package.json of whatever project holds the data directory would decide what a `.js` file is. */
async function stopPackageScopeLookup(functionsFolder: string): Promise<void> {
  const path = join(functionsFolder, 'package.json');
  if (!(await exists(path))) await writeFile(path, '{ "type": "commonjs" }\n');
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
