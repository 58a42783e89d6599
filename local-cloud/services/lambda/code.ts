import { createHash, randomUUID } from 'node:crypto';
import { access, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { unzipSync } from 'fflate';
import { AwsError } from '../../core/errors.ts';

export interface UnpackedCode {
  folder: string;
  sha256: string;
  size: number;
}

/**
 * Unpacks a deployment archive into `<data-directory>/functions/<name>/<hash>/`, once per content. The folder appears
 * whole or not at all, so a start that was killed half way leaves nothing that looks finished.
 */
export async function unpackCode(
  dataDirectory: string,
  functionName: string,
  archivePath: string,
): Promise<UnpackedCode> {
  const archive = await readFile(archivePath).catch((error: unknown) => {
    throw new AwsError('InvalidParameterValueException', `Cannot read the code of ${functionName}: ${error}`);
  });
  const digest = createHash('sha256').update(archive).digest();
  const functionsFolder = join(dataDirectory, 'functions');
  const folder = join(functionsFolder, functionName, digest.toString('hex').slice(0, 32));
  const unpacked = { folder, sha256: digest.toString('base64'), size: archive.length };
  if (await exists(folder)) return unpacked;
  await mkdir(functionsFolder, { recursive: true });
  await stopPackageScopeLookup(functionsFolder);
  const partial = `${folder}.${randomUUID()}`;
  try {
    await writeArchive(archive, partial, functionName);
    await rename(partial, folder);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
  return unpacked;
}

/** Removes what earlier versions of a function left behind; nothing of them may be running. */
export async function removeOtherCode({ folder }: UnpackedCode): Promise<void> {
  const parent = dirname(folder);
  const others = (await readdir(parent)).filter((name) => name !== basename(folder));
  await Promise.all(others.map((name) => rm(join(parent, name), { recursive: true, force: true })));
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
    return unzipSync(archive);
  } catch (error) {
    throw new AwsError(
      'InvalidParameterValueException',
      `Could not unzip the code of ${functionName}: ${error}`,
    );
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
