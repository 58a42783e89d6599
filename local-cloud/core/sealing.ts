import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/**
 * Closes what only this installation may read or change: secrets on disk, and state that a client keeps, so that a
 * half-finished sign-in holds no memory here and survives a restart.
 */
export interface Sealing {
  /** Base64 of AES-256-GCM over the JSON of `content`; opened only with the same `purpose`. */
  seal(content: unknown, purpose?: string): string;
  /** The sealed content, or undefined when it is not ours, or older than `maximumAge` milliseconds. */
  open<Content>(sealed: string, maximumAge?: number, purpose?: string): Content | undefined;
}

const nonceLength = 12;
const tagLength = 16;

/** `now` in epoch milliseconds. */
export function createSealing(key: Buffer, now: () => number = Date.now): Sealing {
  return {
    seal(content, purpose = '') {
      const nonce = randomBytes(nonceLength);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      cipher.setAAD(Buffer.from(purpose));
      const text = JSON.stringify({ at: now(), content });
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64');
    },

    open<Content>(sealed: string, maximumAge = Number.POSITIVE_INFINITY, purpose = '') {
      const bytes = Buffer.from(sealed, 'base64');
      if (bytes.length < nonceLength + tagLength) return undefined;
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceLength));
      decipher.setAAD(Buffer.from(purpose));
      decipher.setAuthTag(bytes.subarray(nonceLength, nonceLength + tagLength));
      const opened = decrypted(decipher, bytes.subarray(nonceLength + tagLength));
      if (opened === undefined) return undefined;
      const { at, content } = JSON.parse(opened) as { at: number; content: Content };
      return now() - at <= maximumAge ? content : undefined;
    },
  };
}

/** Undefined for what was not sealed with this key: that is an answer here, not a failure. */
function decrypted(decipher: ReturnType<typeof createDecipheriv>, body: Buffer): string | undefined {
  try {
    return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}
