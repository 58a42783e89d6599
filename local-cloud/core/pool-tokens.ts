import {
  createLocalJWKSet,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  jwtVerify,
} from 'jose';
import type { Cloud } from './cloud.ts';

/** The issuer is no user pool of this cloud. */
export class UnknownIssuer extends Error {}

const mostRemembered = 2_000;

/**
 * Verifies tokens of user pools: signature by the pool's key, issuer, times on the clock of the services. A token that
 * was verified is remembered until it expires, as AWS remembers keys.
 */
export class PoolTokens {
  readonly #cloud: Pick<Cloud, 'ports' | 'clock'>;
  readonly #options: Pick<JWTVerifyOptions, 'algorithms' | 'requiredClaims'>;
  readonly #keySets = new Map<string, JWTVerifyGetKey>();
  readonly #remembered = new Map<string, JWTPayload>();

  constructor(
    cloud: Pick<Cloud, 'ports' | 'clock'>,
    options: Pick<JWTVerifyOptions, 'algorithms' | 'requiredClaims'>,
  ) {
    this.#cloud = cloud;
    this.#options = options;
  }

  /** The claims. Throws `UnknownIssuer`, an error of jose, or a `TypeError` for what is no token. */
  async verify(token: string, issuer: string): Promise<JWTPayload> {
    const key = `${issuer} ${token}`;
    const now = this.#cloud.clock.now();
    const known = this.#remembered.get(key);
    if (known?.exp !== undefined && known.exp * 1000 > now) return known;
    this.#remembered.delete(key);
    const { payload } = await jwtVerify(token, await this.#keysOf(issuer), {
      ...this.#options,
      issuer,
      currentDate: new Date(now),
    });
    const oldest = this.#remembered.size >= mostRemembered ? this.#remembered.keys().next().value : undefined;
    if (oldest !== undefined) this.#remembered.delete(oldest);
    this.#remembered.set(key, payload);
    return payload;
  }

  async #keysOf(issuer: string): Promise<JWTVerifyGetKey> {
    const known = this.#keySets.get(issuer);
    if (known) return known;
    const published = await this.#cloud.ports.userPools.keysOfIssuer(issuer);
    if (!published) throw new UnknownIssuer(issuer);
    const keys = createLocalJWKSet(published as unknown as JSONWebKeySet);
    this.#keySets.set(issuer, keys);
    return keys;
  }
}
