import { randomInt } from 'node:crypto';
import type { Cloud } from '../../core/cloud.ts';
import { AwsError } from '../../core/errors.ts';
import type { SecretsAtRest } from '../../core/secrets-at-rest.ts';
import type { StateNamespace } from '../../core/state.ts';
import type { Staged } from './staging.ts';

export interface Version extends Staged {
  /** Epoch milliseconds, as every time here. */
  readonly createdAt: number;
  readonly accessedAt?: number;
  /** A version that a rotation has begun has no value until its function has put one. */
  readonly hasValue: boolean;
}

export interface RotationRules {
  readonly AutomaticallyAfterDays?: number;
  readonly Duration?: string;
  readonly ScheduleExpression?: string;
}

export interface Rotation {
  readonly enabled: boolean;
  readonly functionArn: string;
  readonly rules: RotationRules;
  readonly lastAt?: number;
  /** The rotation that has begun and not ended. */
  readonly underWay?: { readonly versionId: string; readonly attempts: number; readonly onlyTest: boolean };
}

export interface Secret {
  readonly name: string;
  readonly arn: string;
  readonly description?: string | undefined;
  readonly kmsKeyId?: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdAt: number;
  readonly changedAt: number;
  /** When its newest current value was put: rotation counts from there. */
  readonly valueAt: number;
  readonly accessedAt?: number;
  /** When it goes for good. */
  readonly deletionAt?: number;
  readonly deletedAt?: number;
  readonly policy?: string;
  readonly rotation?: Rotation;
  /** The oldest first. */
  readonly versions: readonly Version[];
}

/** Either a text or bytes in base64. */
export type SecretValue = { readonly string: string } | { readonly binary: string };

export type Write = { put: string; value: unknown } | { delete: string };

export const notFound = () =>
  new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");

const secretKey = (arn: string) => `secret:${arn}`;
const valueKey = (arn: string, versionId: string) => `value:${arn}:${versionId}`;
/** So many versions without a label are kept. */
const mostDeprecated = 100;

/** Every secret; values are sealed on disk and read from there. Each change is on disk when it resolves. */
export class Secrets {
  readonly #secrets = new Map<string, Secret>();
  readonly #state: StateNamespace;
  readonly #atRest: SecretsAtRest;
  readonly #prefix: string;

  constructor(cloud: Cloud, state: StateNamespace, atRest: SecretsAtRest) {
    this.#state = state;
    this.#atRest = atRest;
    this.#prefix = `arn:aws:secretsmanager:${cloud.region}:${cloud.accountId}:secret:`;
  }

  async load(): Promise<void> {
    for (const { value } of await this.#state.list<Secret>('secret:')) this.#secrets.set(value.arn, value);
  }

  all(): Secret[] {
    return [...this.#secrets.values()];
  }

  /** By name, ARN, or ARN without its last six letters. */
  named(id: string): Secret | undefined {
    const byArn = this.#secrets.get(id);
    if (byArn) return byArn;
    const name = id.startsWith(this.#prefix) ? id.slice(this.#prefix.length) : id;
    return this.all().find((secret) => secret.name === name);
  }

  /** Throws `ResourceNotFoundException`. */
  existing(id: string): Secret {
    const secret = this.named(id);
    if (!secret) throw notFound();
    return secret;
  }

  /** Throws `InvalidRequestException` as well, for one that is marked for deletion. */
  usable(id: string): Secret {
    const secret = this.existing(id);
    if (secret.deletionAt === undefined) return secret;
    throw new AwsError(
      'InvalidRequestException',
      "You can't perform this operation on the secret because it was marked for deletion.",
    );
  }

  /** The six letters keep a secret that is made anew from being taken for the one before it. */
  newArn(name: string): string {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
    const suffix = Array.from({ length: 6 }, () => letters[randomInt(letters.length)]).join('');
    return `${this.#prefix}${name}-${suffix}`;
  }

  /** Keeps a secret as it is now, with the value of one of its versions where there is a new one. */
  async keep(
    secret: Secret,
    value?: { versionId: string; value: SecretValue },
    alongside: readonly Write[] = [],
  ): Promise<Secret> {
    const deprecated = secret.versions.filter(({ stages }) => stages.length === 0);
    const dropped = deprecated.slice(0, Math.max(0, deprecated.length - mostDeprecated));
    const kept = { ...secret, versions: secret.versions.filter((each) => !dropped.includes(each)) };
    this.#secrets.set(secret.arn, kept);
    const writes: Write[] = [{ put: secretKey(secret.arn), value: kept }, ...alongside];
    if (value) {
      const sealed = this.#atRest.seal(JSON.stringify(value.value), secret.arn);
      writes.push({ put: valueKey(secret.arn, value.versionId), value: sealed });
    }
    await this.#state.batch([
      ...writes,
      ...dropped.map(({ versionId }) => ({ delete: valueKey(secret.arn, versionId) })),
    ]);
    return kept;
  }

  /** Undefined for a version that has none yet. */
  async valueOf({ arn }: Secret, versionId: string): Promise<SecretValue | undefined> {
    const sealed = await this.#state.get<string>(valueKey(arn, versionId));
    return sealed === undefined ? undefined : JSON.parse(this.#atRest.open(sealed, arn));
  }

  /** Removes a secret for good, its values with it. */
  async remove({ arn }: Secret): Promise<void> {
    this.#secrets.delete(arn);
    const values = await this.#state.list(`${valueKey(arn, '')}`);
    await this.#state.batch([{ delete: secretKey(arn) }, ...values.map(({ key }) => ({ delete: key }))]);
  }
}

export function isSame(one: SecretValue | undefined, other: SecretValue): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
