import { AwsError } from '../../core/errors.ts';
import type { StateNamespace } from '../../core/state.ts';
import { type FunctionConfiguration, isSameRevision } from './configuration.ts';
import type { Pool } from './pool.ts';

/** Code and settings that do not change any more, and the workers that run them. */
export interface Revision {
  configuration: FunctionConfiguration;
  pool: Pool;
}

/** The published versions of one function, numbered from 1; a number is never given twice. On disk. */
export class Versions {
  readonly #name: string;
  readonly #state: StateNamespace;
  readonly #open: (configuration: FunctionConfiguration) => Revision;
  readonly #versions = new Map<string, Revision>();
  #published = 0;
  #publishing: Promise<unknown> = Promise.resolve();

  constructor(name: string, state: StateNamespace, open: (configuration: FunctionConfiguration) => Revision) {
    this.#name = name;
    this.#state = state;
    this.#open = open;
  }

  /** What an earlier process published; `published` is the last number that was given. */
  restore(configurations: FunctionConfiguration[], published: number): void {
    this.#published = published;
    for (const configuration of configurations)
      this.#versions.set(configuration.version, this.#open(configuration));
  }

  /**
   * Freezes a configuration under the next number, and answers it once it is on disk. What has not changed since the
   * last version is that version, as on AWS.
   */
  publish(configuration: FunctionConfiguration, description?: string): Promise<Revision> {
    const published = this.#publishing.then(() => this.#publish(configuration, description));
    this.#publishing = published.catch(() => undefined);
    return published;
  }

  get(version: string): Revision | undefined {
    return this.#versions.get(version);
  }

  /** The oldest first. */
  all(): Revision[] {
    return [...this.#versions.values()];
  }

  /** Answers what was removed, whose workers the caller has to end. */
  async remove(version: string): Promise<Revision | undefined> {
    const revision = this.#versions.get(version);
    if (!revision) return undefined;
    await this.#state.delete(keyOf(this.#name, version));
    this.#versions.delete(version);
    return revision;
  }

  async #publish(configuration: FunctionConfiguration, description?: string): Promise<Revision> {
    const newest = this.all().at(-1);
    if (newest && isSame(newest.configuration, configuration)) return newest;
    const number = this.#published + 1;
    const frozen: FunctionConfiguration = {
      ...configuration,
      version: String(number),
      ...(description ? { description } : {}),
    };
    await this.#state.batch([
      { put: keyOf(this.#name, frozen.version), value: frozen },
      { put: `${this.#name}/published`, value: number },
    ]);
    this.#published = number;
    const revision = this.#open(frozen);
    this.#versions.set(frozen.version, revision);
    return revision;
  }
}

/** A version's description is its own. */
function isSame(one: FunctionConfiguration, other: FunctionConfiguration): boolean {
  return isSameRevision({ ...one, description: '' }, { ...other, description: '' });
}

/** Padded, so that they are listed in the order in which they were published. */
function keyOf(name: string, version: string): string {
  return `${name}/version/${version.padStart(10, '0')}`;
}

/** Throws as PublishVersion does when the code is not the one that was meant. */
export function requireCode(configuration: FunctionConfiguration, codeSha256: string | undefined): void {
  if (!codeSha256 || codeSha256 === configuration.codeSha256) return;
  throw new AwsError(
    'InvalidParameterValueException',
    `CodeSHA256 (${codeSha256}) is different from current CodeSHA256 in $LATEST (${configuration.codeSha256}). Please try again with the CodeSHA256 in $LATEST.`,
  );
}
