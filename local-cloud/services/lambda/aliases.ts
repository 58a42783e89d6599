import { randomUUID } from 'node:crypto';
import { AwsError } from '../../core/errors.ts';
import type { StateNamespace } from '../../core/state.ts';
import { latest } from './configuration.ts';

/** A name for a version, or for two of which each takes its share of the calls. */
export interface Alias {
  name: string;
  functionVersion: string;
  description: string;
  /** The share of the calls, from 0 to 1, that goes to another version, by that version. */
  weights: Record<string, number>;
  revisionId: string;
}

export type AliasSettings = Omit<Alias, 'revisionId'>;

const named = /^(?!\d+$)[A-Za-z0-9_-]{1,128}$/u;

/** The aliases of one function. On disk. */
export class Aliases {
  readonly #functionName: string;
  readonly #state: StateNamespace;
  readonly #aliases = new Map<string, Alias>();

  constructor(functionName: string, state: StateNamespace) {
    this.#functionName = functionName;
    this.#state = state;
  }

  restore(alias: Alias): void {
    this.#aliases.set(alias.name, alias);
  }

  get(name: string): Alias | undefined {
    return this.#aliases.get(name);
  }

  all(): Alias[] {
    return [...this.#aliases.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  /** Answers the alias once it is on disk; what it says already keeps its revision. Throws `AwsError` for a name or weights that AWS refuses. */
  async put(settings: AliasSettings): Promise<Alias> {
    checkAlias(settings);
    const standing = this.#aliases.get(settings.name);
    if (standing && isSame(standing, settings)) return standing;
    const alias = { ...settings, revisionId: randomUUID() };
    await this.#state.put(this.#key(settings.name), alias);
    this.#aliases.set(alias.name, alias);
    return alias;
  }

  async remove(name: string): Promise<void> {
    await this.#state.delete(this.#key(name));
    this.#aliases.delete(name);
  }

  #key(name: string): string {
    return `${this.#functionName}/alias/${name}`;
  }
}

/** The version that one call of an alias runs, by chance; `chance` is at least 0 and less than 1. */
export function versionByChance({ functionVersion, weights }: Alias, chance = Math.random()): string {
  const [other] = Object.entries(weights);
  return other && chance < other[1] ? other[0] : functionVersion;
}

function isSame({ revisionId: _, ...standing }: Alias, settings: AliasSettings): boolean {
  const essence = ({ name, functionVersion, description, weights }: AliasSettings) =>
    JSON.stringify([name, functionVersion, description, Object.entries(weights)]);
  return essence(standing) === essence(settings);
}

function checkAlias({ name, functionVersion, weights }: AliasSettings): void {
  if (!named.test(name)) {
    throw invalid(
      `"${name}" cannot be the name of an alias: letters, digits, "-" and "_", and not digits alone.`,
    );
  }
  const additional = Object.entries(weights);
  if (additional.length > 1) throw invalid('An alias can split its calls between two versions at most.');
  for (const [version, weight] of additional) {
    if (!(weight >= 0 && weight <= 1)) throw invalid(`The weight of version ${version} must be from 0 to 1.`);
    if (version === functionVersion) {
      throw invalid(`The version ${version} cannot be both the alias's own and the additional one.`);
    }
    if (version === latest || functionVersion === latest) {
      throw invalid('$LATEST is not supported for an alias pointing to more than 1 version');
    }
  }
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message);
}
