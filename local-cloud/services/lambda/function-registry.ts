import type { Cloud, Isolation } from '../../core/cloud.ts';
import { AwsError } from '../../core/errors.ts';
import type { StateNamespace } from '../../core/state.ts';
import { type Alias, Aliases, versionByChance } from './aliases.ts';
import { type AsynchronousSettings, defaultAsynchronousSettings } from './asynchronous-settings.ts';
import { codeFolderOf } from './code.ts';
import { Concurrency } from './concurrency.ts';
import {
  arnOfFunction,
  type FunctionConfiguration,
  isSameRevision,
  latest,
  parseFunctionName,
} from './configuration.ts';
import { environmentVariables } from './environment-variables.ts';
import { createLogWriter } from './log-writer.ts';
import { Pool, type PoolLimits } from './pool.ts';
import { Sandboxes } from './sandbox.ts';
import { type Revision, Versions } from './versions.ts';

/** Calls since the start of the local cloud, whatever code they met. */
export interface Tally {
  invocations: number;
  errors: number;
  /** Epoch milliseconds. */
  lastAt?: number;
}

/** A function: as a revision what was deployed last, `$LATEST`. */
export interface DeployedFunction extends Revision {
  versions: Versions;
  aliases: Aliases;
  /** By qualifier, `$LATEST` for calls without one. */
  asynchronous: Map<string, AsynchronousSettings>;
  /** Workers that are kept ready, by qualifier. */
  provisioned: Map<string, number>;
  /** Undefined when only the account's limit holds. */
  reservedConcurrency: number | undefined;
  /** Calls that run or wait for a worker, of all versions. */
  running: number;
  tally: Tally;
}

/** What a call names. */
export interface Target {
  deployed: DeployedFunction;
  qualifier: string | undefined;
}

/** The functions that stand, by name, with what was published of each. */
export class FunctionRegistry {
  readonly concurrency = new Concurrency(() => [...this.#functions.values()]);
  /** Versions, aliases and what clients made, on disk under `<function>/`. */
  readonly state: StateNamespace;
  readonly sandboxes: Sandboxes;
  readonly #cloud: Cloud;
  readonly #limits: PoolLimits | undefined;
  readonly #functions = new Map<string, DeployedFunction>();
  readonly #published = new Map<
    string,
    Pick<DeployedFunction, 'versions' | 'aliases' | 'asynchronous' | 'provisioned'>
  >();
  readonly #retiring = new Set<Promise<void>>();

  constructor(cloud: Cloud, limits?: PoolLimits, isolation?: Isolation) {
    this.#cloud = cloud;
    this.#limits = limits;
    this.sandboxes = new Sandboxes(cloud.dataDirectory, isolation);
    this.state = cloud.state.namespace('lambda-functions');
  }

  /** Reads what earlier processes published, before the functions themselves are deployed. */
  async load(): Promise<void> {
    const versions = new Map<string, FunctionConfiguration[]>();
    const published = new Map<string, number>();
    for (const { key, value } of await this.state.list<unknown>()) {
      const [name = '', kind, rest = ''] = key.split('/');
      if (kind === 'version')
        versions.set(name, [...(versions.get(name) ?? []), this.here(value as FunctionConfiguration)]);
      if (kind === 'published') published.set(name, Number(value));
      if (kind === 'alias') this.#publishedOf(name).aliases.restore(value as Alias);
      if (kind === 'asynchronous')
        this.#publishedOf(name).asynchronous.set(rest, value as AsynchronousSettings);
      if (kind === 'provisioned') this.#publishedOf(name).provisioned.set(rest, Number(value));
    }
    for (const [name, number] of published)
      this.#publishedOf(name).versions.restore(versions.get(name) ?? [], number);
  }

  /**
   * Puts a function, or replaces its code and settings: what runs ends on the old ones, what comes gets the new. What is
   * the same already keeps its workers.
   */
  deploy(configuration: FunctionConfiguration): DeployedFunction {
    const standing = this.#functions.get(configuration.name);
    if (standing && isSameRevision(standing.configuration, configuration)) return standing;
    const revision = this.#open(configuration);
    if (standing) {
      this.#retire(standing.pool);
      // The same object, which counts what still runs on the old code too.
      return Object.assign(standing, revision);
    }
    const deployed: DeployedFunction = {
      ...revision,
      ...this.#publishedOf(configuration.name),
      reservedConcurrency: undefined,
      running: 0,
      tally: { invocations: 0, errors: 0 },
    };
    this.#functions.set(configuration.name, deployed);
    this.provisionAgain(deployed);
    return deployed;
  }

  /** Removes a function with its versions, its aliases and all that is kept of it. */
  async remove(name: string): Promise<void> {
    const entries = await this.state.list(`${name}/`);
    await this.state.batch(entries.map(({ key }) => ({ delete: key })));
    const deployed = this.#functions.get(name);
    this.#functions.delete(name);
    for (const { pool } of this.#publishedOf(name).versions.all()) this.#retire(pool);
    this.#published.delete(name);
    if (deployed) this.#retire(deployed.pool);
  }

  /** Removes one version. Throws when an alias names it. */
  async removeVersion({ aliases, versions }: DeployedFunction, version: string): Promise<void> {
    const naming = aliases
      .all()
      .filter((alias) => alias.functionVersion === version || version in alias.weights);
    if (naming.length > 0) {
      const names = naming.map(({ name }) => name).join(', ');
      throw new AwsError(
        'ResourceConflictException',
        `The version ${version} is in use by aliases: ${names}.`,
        409,
      );
    }
    const removed = await versions.remove(version);
    if (removed) this.#retire(removed.pool);
  }

  has(name: string): boolean {
    return this.#functions.has(name);
  }

  /** Throws ResourceNotFoundException, also for an alias or version that does not exist. */
  get(arnOrName: string): Target {
    const { name, qualifier } = parseFunctionName(arnOrName);
    const deployed = this.#functions.get(name);
    if (!deployed || (qualifier && !this.#knows(deployed, qualifier))) throw this.notFound(name, qualifier);
    return { deployed, qualifier };
  }

  /** What a call by this name runs: of an alias with weights one of two, by chance. */
  pick(arnOrName: string): Target & { revision: Revision } {
    const { deployed, qualifier } = this.get(arnOrName);
    return { deployed, qualifier, revision: this.revisionOf(deployed, qualifier) };
  }

  /** What a qualifier names. */
  revisionOf(deployed: DeployedFunction, qualifier: string | undefined): Revision {
    if (qualifier === undefined || qualifier === latest) return deployed;
    const alias = deployed.aliases.get(qualifier);
    return this.versionOf(deployed, alias ? versionByChance(alias) : qualifier);
  }

  /** Throws ResourceNotFoundException, also for an alias. */
  versionOf(deployed: DeployedFunction, version: string): Revision {
    const revision = version === latest ? deployed : deployed.versions.get(version);
    if (!revision) throw this.notFound(deployed.configuration.name, version);
    return revision;
  }

  asynchronousOf({ deployed, qualifier }: Target): AsynchronousSettings {
    return deployed.asynchronous.get(qualifier ?? latest) ?? defaultAsynchronousSettings;
  }

  /** Keeps so many workers ready for what a qualifier names, where it names one version. */
  provision(deployed: DeployedFunction, qualifier: string, count: number): void {
    if (count > 0) deployed.provisioned.set(qualifier, count);
    else deployed.provisioned.delete(qualifier);
    this.provisionAgain(deployed);
  }

  /** As `provision`, for a client: on disk. */
  async keepProvisioned(deployed: DeployedFunction, qualifier: string, count: number): Promise<void> {
    const key = `${deployed.configuration.name}/provisioned/${qualifier}`;
    await (count > 0 ? this.state.put(key, count) : this.state.delete(key));
    this.provision(deployed, qualifier, count);
  }

  /** Writes down what a client says of the asynchronous invocations of a qualifier; nothing forgets it. */
  async keepAsynchronous(
    { deployed, qualifier = latest }: Target,
    settings: AsynchronousSettings | undefined,
  ): Promise<void> {
    const key = `${deployed.configuration.name}/asynchronous/${qualifier}`;
    if (!settings) {
      await this.state.delete(key);
      deployed.asynchronous.delete(qualifier);
      return;
    }
    await this.state.put(key, settings);
    deployed.asynchronous.set(qualifier, settings);
  }

  /** After an alias names another version. */
  provisionAgain({ provisioned, aliases, versions }: DeployedFunction): void {
    const wanted = new Map<string, number>();
    for (const [qualifier, count] of provisioned) {
      const version = aliases.get(qualifier)?.functionVersion ?? qualifier;
      wanted.set(version, (wanted.get(version) ?? 0) + count);
    }
    for (const { configuration, pool } of versions.all())
      pool.provision(wanted.get(configuration.version) ?? 0);
  }

  notFound(name: string, qualifier?: string): AwsError {
    const arn = `${arnOfFunction(this.#cloud, name)}${qualifier ? `:${qualifier}` : ''}`;
    return new AwsError('ResourceNotFoundException', `Function not found: ${arn}`, 404);
  }

  all(): DeployedFunction[] {
    return [...this.#functions.values()].sort((one, other) =>
      one.configuration.name.localeCompare(other.configuration.name),
    );
  }

  /** Folders whose code a version of this function runs. */
  codeFoldersOf(name: string): Set<string> {
    return new Set(
      this.#publishedOf(name)
        .versions.all()
        .map(({ configuration }) => configuration.codeFolder),
    );
  }

  async end(): Promise<void> {
    const published = [...this.#published.values()].flatMap(({ versions }) => versions.all());
    const revisions: Revision[] = [...this.#functions.values(), ...published];
    await Promise.all(revisions.map(({ pool }) => pool.end()));
    await Promise.all(this.#retiring);
    await this.sandboxes.end();
  }

  #knows({ versions, aliases }: DeployedFunction, qualifier: string): boolean {
    return (
      qualifier === latest || versions.get(qualifier) !== undefined || aliases.get(qualifier) !== undefined
    );
  }

  #publishedOf(name: string) {
    const standing = this.#published.get(name);
    if (standing) return standing;
    const published = {
      versions: new Versions(name, this.state, (configuration) => this.#open(configuration)),
      aliases: new Aliases(name, this.state),
      asynchronous: new Map<string, AsynchronousSettings>(),
      provisioned: new Map<string, number>(),
    };
    this.#published.set(name, published);
    return published;
  }

  /** As it was kept, in the data folder as it is called now. */
  here(configuration: FunctionConfiguration): FunctionConfiguration {
    const { name, codeSha256 } = configuration;
    return { ...configuration, codeFolder: codeFolderOf(this.#cloud.dataDirectory, name, codeSha256) };
  }

  #open(configuration: FunctionConfiguration): Revision {
    const pool = new Pool(
      configuration,
      (initialization) => environmentVariables(this.#cloud, configuration, initialization),
      createLogWriter(this.#cloud, configuration),
      this.sandboxes,
      this.#limits,
    );
    return { configuration, pool };
  }

  #retire(pool: Pool): void {
    const ended: Promise<void> = pool.drain().finally(() => this.#retiring.delete(ended));
    this.#retiring.add(ended);
  }
}
