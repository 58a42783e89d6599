import { type FSWatcher, watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Cloud } from '../../core/cloud.ts';
import { AwsError } from '../../core/errors.ts';
import { readArchiveFile, unpackCode } from './code.ts';
import type { FunctionRegistry } from './function-registry.ts';

/** Milliseconds in which a file that is written in pieces gets its next piece. */
const settling = 10;
/** Milliseconds until a folder or an archive that is not there, or not whole, is looked at again. */
const patience = 100;
/** How often an archive that is not whole is looked at again before that is said. */
const attempts = 20;

/** The archives of functions on disk: told to follow, what changes there is what the next invocation runs. */
export class CodeSources {
  readonly #cloud: Cloud;
  readonly #registry: FunctionRegistry;
  readonly #paths = new Map<string, string>();
  readonly #watchers = new Map<string, { watcher: FSWatcher; inode: number }>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  #say: ((line: string) => void) | undefined;

  constructor(cloud: Cloud, registry: FunctionRegistry) {
    this.#cloud = cloud;
    this.#registry = registry;
  }

  set(functionName: string, archivePath: string): void {
    this.#paths.set(functionName, archivePath);
    if (this.#say) this.#later(dirname(archivePath), 0, () => this.#watch(dirname(archivePath)));
  }

  delete(functionName: string): void {
    this.#paths.delete(functionName);
  }

  /** Follows every archive from now on, those of functions to come as well. */
  async follow(say: (line: string) => void): Promise<void> {
    this.#say = say;
    this.#registry.sandboxes.keepAhead();
    await Promise.all(
      [...new Set([...this.#paths.values()].map(dirname))].map((folder) => this.#watch(folder)),
    );
  }

  stop(): void {
    this.#say = undefined;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    for (const { watcher } of this.#watchers.values()) watcher.close();
    this.#timers.clear();
    this.#watchers.clear();
  }

  /** Watches the folder and not the file, since a build puts a new file in its place; the folder too may be a new one. */
  async #watch(folder: string): Promise<void> {
    const standing = this.#watchers.get(folder);
    const inode = await stat(folder).then(
      ({ ino }) => ino,
      () => undefined,
    );
    if (!this.#say || (standing && standing.inode === inode)) return;
    standing?.watcher.close();
    this.#watchers.delete(folder);
    const names = [...this.#paths].filter(([, path]) => dirname(path) === folder).map(([name]) => name);
    if (names.length === 0) return;
    if (inode === undefined) return this.#later(folder, patience, () => this.#watch(folder));
    const watcher = watch(folder, (_event, changed) => this.#onChange(folder, changed));
    watcher.on('error', () => this.#later(folder, patience, () => this.#watch(folder)));
    this.#watchers.set(folder, { watcher, inode });
    // What changed before it was watched.
    for (const name of names) this.#later(name, 0, () => this.#reload(name, attempts));
  }

  #onChange(folder: string, changed: string | null): void {
    for (const [name, path] of this.#paths) {
      if (dirname(path) !== folder || (changed !== null && basename(path) !== changed)) continue;
      this.#later(name, settling, () => this.#reload(name, attempts));
    }
    // A folder that goes says so under its own name; the one that comes may be given the very same inode.
    if (changed === null || changed === basename(folder)) {
      this.#watchers.get(folder)?.watcher.close();
      this.#watchers.delete(folder);
      this.#later(folder, settling, () => this.#watch(folder));
    }
  }

  async #reload(name: string, left: number): Promise<void> {
    const path = this.#paths.get(name);
    if (!path || !this.#say || !this.#registry.has(name)) return;
    try {
      const { mtimeMs } = await stat(path);
      const archive = await readArchiveFile(name, path);
      const code = await unpackCode(this.#cloud.dataDirectory, name, archive);
      const { deployed } = this.#registry.get(name);
      const { configuration } = deployed;
      if (code.sha256 === configuration.codeSha256) return;
      this.#registry.deploy({
        ...configuration,
        codeFolder: code.folder,
        codeSha256: code.sha256,
        codeSize: code.size,
        lastModified: new Date().toISOString().replace('Z', '+0000'),
      });
      deployed.pool.warm();
      this.#say(
        `${name} runs its new code, ${Math.max(0, Math.round(Date.now() - mtimeMs))} ms after it changed`,
      );
    } catch (error) {
      const isExpected = error instanceof AwsError || (error instanceof Error && 'code' in error);
      if (!isExpected) throw error;
      if (left > 0) this.#later(name, patience, () => this.#reload(name, left - 1));
      else this.#say(`${name} goes on with its old code: ${error.message}`);
    }
  }

  /** One at a time for each key: what comes again before its time only comes later. */
  #later(key: string, milliseconds: number, work: () => Promise<void>): void {
    clearTimeout(this.#timers.get(key));
    const run = () => {
      this.#timers.delete(key);
      work().catch((error: unknown) =>
        this.#cloud.logger.error('Changed code could not be taken up.', {
          changed: key,
          error: String(error),
        }),
      );
    };
    this.#timers.set(key, setTimeout(run, milliseconds));
  }
}
