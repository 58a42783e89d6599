import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** What shows in place of a text whose person was forgotten. */
export const forgotten = '[forgotten]';
/** What shows in place of a text that was not sealed for the place it came from: somebody moved or altered it. */
export const unreadable = '[unreadable]';

/** The key of one person; another after they were forgotten. */
export interface PersonKey {
  readonly id: string;
  readonly bytes: Uint8Array;
}

/** Where a sealed text was recorded. A text that was moved elsewhere does not open. */
export interface Place {
  /** Key of the stream; it begins with the tenant. */
  readonly stream: string;
  readonly type: string;
  readonly field: string;
}

/** A sealed text on its way, as whoever opens it reads it. */
export interface SealedText {
  readonly place: Place;
  readonly person: string;
  readonly keyId: string;
  readonly bytes: Uint8Array;
}

/**
 * A sealed text is a text as well, so that state, rows and messages carry it as they would the clear one. It stands
 * between two characters that nobody types, and commands refuse. In a commit it is short, for the commit says where it
 * is: `personal:<person>:<key>:<nonce, ciphertext, tag>`. Whoever reads the commit gets it with stream, event and field
 * before the person, and can pass it on wherever the text belongs.
 */
export const mark = '\uE000personal:';
const end = '\uE001';
const form = /\uE000personal:([^\uE000\uE001]*)\uE001/g;

const nonceBytes = 12;
const tagBytes = 16;
const cipherName = 'aes-256-gcm';

/** Seals a text as a commit stores it: AES-256-GCM with a random nonce, bound to its place. */
export function sealText(text: string, place: Place, person: string, key: PersonKey): string {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(cipherName, key.bytes, nonce);
  cipher.setAAD(boundTo(place));
  const bytes = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return `${mark}${parts(person, key.id)}:${bytes.toString('base64url')}${end}`;
}

/** The data of an event as read from its commit: each sealed text says where it is from. */
export function withPlaces(data: unknown, stream: string, type: string): unknown {
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(
    Object.entries(data).map(([field, value]) => [
      field,
      typeof value === 'string' && isShort(value)
        ? `${mark}${parts(stream, type, field)}:${value.slice(mark.length)}`
        : value,
    ]),
  );
}

/** The sealed texts within a text, as they stand there. */
export function sealedIn(text: string): string[] {
  return text.includes(mark) ? [...text.matchAll(form)].map(([sealed]) => sealed) : [];
}

/** The text with each sealed text replaced. */
export function replaceSealed(text: string, by: (sealed: string) => string): string {
  return text.includes(mark) ? text.replaceAll(form, by) : text;
}

/** Reads what `sealedIn` found; nothing when we did not write it so. */
export function parseSealed(sealed: string): SealedText | undefined {
  const [stream, type, field, person, keyId, bytes, ...more] = contentOf(sealed).split(':');
  if (!stream || !type || !field || !person || !keyId || !bytes || more.length > 0) return undefined;
  try {
    const [key = '', eventType = '', name = '', who = ''] = [stream, type, field, person].map(
      decodeURIComponent,
    );
    return {
      place: { stream: key, type: eventType, field: name },
      person: who,
      keyId,
      bytes: Buffer.from(bytes, 'base64url'),
    };
  } catch {
    // Somebody wrote a per cent sign that encodes nothing.
    return undefined;
  }
}

/** The clear text; nothing when it is not what this key sealed for this place. */
export function openText({ place, bytes }: SealedText, key: PersonKey): string | undefined {
  if (bytes.length < nonceBytes + tagBytes) return undefined;
  const decipher = createDecipheriv(cipherName, key.bytes, bytes.subarray(0, nonceBytes));
  decipher.setAAD(boundTo(place));
  decipher.setAuthTag(bytes.subarray(-tagBytes));
  try {
    const clear = [decipher.update(bytes.subarray(nonceBytes, -tagBytes)), decipher.final()];
    return Buffer.concat(clear).toString('utf8');
  } catch {
    // GCM tells nothing but that it is not authentic.
    return undefined;
  }
}

function boundTo({ stream, type, field }: Place): Buffer {
  return Buffer.from(JSON.stringify([stream, type, field]));
}

function parts(...texts: string[]): string {
  return texts.map(encodeURIComponent).join(':');
}

function isShort(text: string): boolean {
  return text.startsWith(mark) && text.endsWith(end) && contentOf(text).split(':').length === 3;
}

function contentOf(sealed: string): string {
  return sealed.slice(mark.length, -end.length);
}
