import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeDurably } from '../../core/durable-file.ts';

export interface SigningKey {
  id: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
}

/** The secrets of one installation. As in AWS, ID tokens and access tokens are signed with a key each. */
export interface Keys {
  idToken: SigningKey;
  accessToken: SigningKey;
  /** 32 bytes that seal sessions and SRP secrets handed to clients. */
  sealing: Buffer;
}

interface KeptKeys {
  idToken: { id: string; privateKey: string };
  accessToken: { id: string; privateKey: string };
  sealing: string;
}

const keysFile = (dataDirectory: string) => join(dataDirectory, 'cognito', 'keys.json');

/** Reads the installation's keys, or makes them once; only the owner may read the file. */
export function loadKeys(dataDirectory: string): Keys {
  const path = keysFile(dataDirectory);
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeDurably(path, JSON.stringify(makeKeys()));
  }
  const kept = JSON.parse(readFileSync(path, 'utf8')) as KeptKeys;
  return {
    idToken: signingKey(kept.idToken),
    accessToken: signingKey(kept.accessToken),
    sealing: Buffer.from(kept.sealing, 'base64'),
  };
}

/** The public halves as the JSON Web Key Set that AWS serves at `/<poolId>/.well-known/jwks.json`. */
export function publicKeySet(keys: Keys): { keys: Record<string, unknown>[] } {
  return {
    keys: [keys.idToken, keys.accessToken].map(({ id, publicKey }) => {
      const { e, n, kty } = publicKey.export({ format: 'jwk' });
      return { alg: 'RS256', e, kid: id, kty, n, use: 'sig' };
    }),
  };
}

function makeKeys(): KeptKeys {
  const make = () => ({
    id: randomBytes(32).toString('base64'),
    privateKey: generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    }).privateKey,
  });
  return { idToken: make(), accessToken: make(), sealing: randomBytes(32).toString('base64') };
}

function signingKey(kept: { id: string; privateKey: string }): SigningKey {
  const privateKey = createPrivateKey(kept.privateKey);
  return { id: kept.id, privateKey, publicKey: createPublicKey(privateKey) };
}
