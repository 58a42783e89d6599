import type { Cloud } from '../../core/cloud.ts';
import { AwsError } from '../../core/errors.ts';
import { inOrder } from '../../core/pages.ts';
import type { SecretsAtRest } from '../../core/secrets-at-rest.ts';
import type { StateNamespace } from '../../core/state.ts';
import { bareName, type Selected, versionNotFound } from './names.ts';

export const parameterTypes = ['String', 'StringList', 'SecureString'] as const;
export type ParameterType = (typeof parameterTypes)[number];
export type Tier = 'Standard' | 'Advanced';

export interface Version {
  readonly version: number;
  readonly type: ParameterType;
  /** Of a SecureString it is sealed. */
  readonly value: string;
  readonly tier: Tier;
  readonly description: string | undefined;
  readonly allowedPattern: string | undefined;
  readonly keyId: string | undefined;
  /** Epoch milliseconds. */
  readonly modifiedAt: number;
  /** ARN of who did it. */
  readonly modifiedBy: string;
  readonly labels: readonly string[];
}

export interface Parameter {
  readonly name: string;
  readonly arn: string;
  tags: Record<string, string>;
  /** The oldest first; never empty. */
  versions: Version[];
}

type Write = { put: string; value: unknown } | { delete: string };

const parameterKey = (name: string) => `parameter:${name}`;
// No name holds a colon, so that the versions of one parameter are never taken for those of another.
const versionKey = (name: string, version: number) => `version:${name}:${String(version).padStart(10, '0')}`;

export const latestOf = ({ versions }: Parameter): Version => versions.at(-1) as Version;

/** Every parameter with its versions; each change is on disk when it resolves. */
export class Parameters {
  readonly #parameters = new Map<string, Parameter>();
  readonly #state: StateNamespace;
  readonly #secrets: SecretsAtRest;
  readonly #prefix: string;

  constructor(cloud: Cloud, secrets: SecretsAtRest) {
    this.#state = cloud.state.namespace('ssm');
    this.#secrets = secrets;
    this.#prefix = `arn:aws:ssm:${cloud.region}:${cloud.accountId}:parameter`;
  }

  async load(): Promise<void> {
    for (const { value } of await this.#state.list<Omit<Parameter, 'versions'>>('parameter:')) {
      const kept = await this.#state.list<Version>(`version:${value.name}:`);
      this.#parameters.set(value.name, { ...value, versions: kept.map((each) => each.value) });
    }
  }

  arnOf(name: string): string {
    return `${this.#prefix}${name.startsWith('/') ? '' : '/'}${name}`;
  }

  /** In order of their names. */
  all(): Parameter[] {
    return inOrder(this.#parameters.values(), ({ name }) => name);
  }

  count(): number {
    return this.#parameters.size;
  }

  /** By name or ARN. */
  named(nameOrArn: string): Parameter | undefined {
    return this.#parameters.get(bareName(nameOrArn)) ?? this.#parameters.get(bareName(nameOrArn).slice(1));
  }

  /** Throws `ParameterNotFound`. */
  existing(nameOrArn: string): Parameter {
    const parameter = this.named(nameOrArn);
    if (!parameter) throw new AwsError('ParameterNotFound', `Parameter ${nameOrArn} not found.`);
    return parameter;
  }

  /** The parameter and the version that a selector names. Throws `ParameterNotFound` or `ParameterVersionNotFound`. */
  selected({ name, selector }: Selected): { parameter: Parameter; version: Version } {
    const parameter = this.existing(name);
    if (selector === undefined) return { parameter, version: latestOf(parameter) };
    const isNumber = /^\d+$/u.test(selector);
    const version = parameter.versions.find((each) =>
      isNumber ? each.version === Number(selector) : each.labels.includes(selector),
    );
    if (!version) throw versionNotFound(parameter.name, selector, isNumber);
    return { parameter, version };
  }

  /** The value as whoever may decrypt sees it. */
  plainValue({ arn }: Parameter, { type, value }: Version): string {
    return type === 'SecureString' ? this.#secrets.open(value, arn) : value;
  }

  /** Adds a version; `value` is plain. `dropped` leaves, where there are as many as there may be. */
  async addVersion(
    name: string,
    version: Omit<Version, 'value'> & { value: string },
    dropped: Version | undefined,
    tags: Record<string, string> = {},
  ): Promise<Parameter> {
    const parameter: Parameter = this.#parameters.get(name) ?? {
      ...{ name, arn: this.arnOf(name), tags, versions: [] },
    };
    const value =
      version.type === 'SecureString' ? this.#secrets.seal(version.value, parameter.arn) : version.value;
    const added = { ...version, value };
    parameter.versions = [...parameter.versions.filter((each) => each !== dropped), added];
    this.#parameters.set(name, parameter);
    await this.#write([
      this.#whole(parameter),
      { put: versionKey(name, added.version), value: added },
      ...(dropped ? [{ delete: versionKey(name, dropped.version) }] : []),
    ]);
    return parameter;
  }

  /** Writes changed labels: versions in place of those with the same number. */
  async changeVersions(parameter: Parameter, changed: readonly Version[]): Promise<void> {
    parameter.versions = parameter.versions.map(
      (each) => changed.find(({ version }) => version === each.version) ?? each,
    );
    await this.#write(changed.map((value) => ({ put: versionKey(parameter.name, value.version), value })));
  }

  async setTags(parameter: Parameter, tags: Record<string, string>): Promise<void> {
    parameter.tags = tags;
    await this.#write([this.#whole(parameter)]);
  }

  async remove({ name, versions }: Parameter): Promise<void> {
    this.#parameters.delete(name);
    await this.#write([
      { delete: parameterKey(name) },
      ...versions.map(({ version }) => ({ delete: versionKey(name, version) })),
    ]);
  }

  #whole({ versions: _, ...parameter }: Parameter): Write {
    return { put: parameterKey(parameter.name), value: parameter };
  }

  async #write(writes: Write[]): Promise<void> {
    await this.#state.batch(writes);
  }
}
