import { createDiffieHellman, createHash, createHmac, getDiffieHellman, randomBytes } from 'node:crypto';

/** What is kept of a password: neither the password nor anything it can be read from. Both are hexadecimal. */
export interface Verifier {
  salt: string;
  verifier: string;
}

/** One server side of the exchange: `secret` stays here, `publicValue` (B) goes to the client. Hexadecimal. */
export interface ServerExchange {
  secret: string;
  publicValue: string;
}

// Cognito uses the 3072-bit group of RFC 3526, which Node calls modp15, with generator 2.
const primeBytes = getDiffieHellman('modp15').getPrime();
const prime = BigInt(`0x${primeBytes.toString('hex')}`);
const generator = 2n;
const group = createDiffieHellman(primeBytes, Buffer.from([2]));
const multiplier = BigInt(`0x${hashOfHex(padded(prime) + padded(generator))}`);

/** Salt and verifier of a password, bound to the pool and the user as the protocol demands. */
export function createVerifier(
  poolId: string,
  username: string,
  password: string,
  salt = randomBytes(16).toString('hex'),
): Verifier {
  const exponent = passwordExponent(poolId, username, password, salt);
  return { salt, verifier: power(generator, exponent).toString(16) };
}

/** True when `password` is the one the verifier was made from. */
export function matchesVerifier(poolId: string, username: string, password: string, kept: Verifier): boolean {
  return createVerifier(poolId, username, password, kept.salt).verifier === kept.verifier;
}

/** Begins the server's side for a verifier. */
export function beginExchange(kept: Verifier): ServerExchange {
  const secret = randomBytes(32).toString('hex');
  const publicValue = (multiplier * fromHex(kept.verifier) + power(generator, fromHex(secret))) % prime;
  return { secret, publicValue: publicValue.toString(16) };
}

/** A client's public value (A) is hexadecimal and not a multiple of the prime: otherwise the key would be known. */
export function isPublicValue(value: string): boolean {
  return /^[0-9a-f]{1,1600}$/i.test(value) && fromHex(value) % prime !== 0n;
}

/** The signature a client that knows the password sends with `PASSWORD_VERIFIER`, in base64. */
export function expectedSignature(claim: {
  poolId: string;
  username: string;
  kept: Verifier;
  exchange: ServerExchange;
  clientPublicValue: string;
  secretBlock: Buffer;
  timestamp: string;
}): string {
  const clientValue = fromHex(claim.clientPublicValue);
  const scramble = fromHex(hashOfHex(padded(clientValue) + padded(fromHex(claim.exchange.publicValue))));
  const shared = power(
    (clientValue * power(fromHex(claim.kept.verifier), scramble)) % prime,
    fromHex(claim.exchange.secret),
  );
  return createHmac('sha256', derivedKey(shared, scramble))
    .update(poolName(claim.poolId))
    .update(claim.username)
    .update(claim.secretBlock)
    .update(claim.timestamp)
    .digest('base64');
}

function derivedKey(shared: bigint, scramble: bigint): Buffer {
  const pseudoRandomKey = createHmac('sha256', Buffer.from(padded(scramble), 'hex'))
    .update(Buffer.from(padded(shared), 'hex'))
    .digest();
  return createHmac('sha256', pseudoRandomKey).update('Caldera Derived Key\u0001').digest().subarray(0, 16);
}

function passwordExponent(poolId: string, username: string, password: string, salt: string): bigint {
  const identity = createHash('sha256')
    .update(`${poolName(poolId)}${username}:${password}`)
    .digest('hex');
  return fromHex(hashOfHex(padded(fromHex(salt)) + identity));
}

function poolName(poolId: string): string {
  return poolId.slice(poolId.indexOf('_') + 1);
}

function fromHex(text: string): bigint {
  return BigInt(`0x${text}`);
}

/** Even number of digits, and never a first bit that would read as a minus sign. */
function padded(value: bigint): string {
  const digits = value.toString(16);
  if (digits.length % 2 === 1) return `0${digits}`;
  return /^[89a-f]/.test(digits) ? `00${digits}` : digits;
}

function hashOfHex(digits: string): string {
  return createHash('sha256').update(Buffer.from(digits, 'hex')).digest('hex');
}

/** `base ** exponent % prime` by OpenSSL, thirty times as fast as with BigInt. */
function power(base: bigint, exponent: bigint): bigint {
  group.setPrivateKey(Buffer.from(padded(exponent), 'hex'));
  return fromHex(group.computeSecret(Buffer.from(padded(base), 'hex')).toString('hex'));
}
