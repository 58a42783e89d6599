import { createHmac } from 'node:crypto';

/** A secret as people copy it, by the Standard Webhooks specification. */
export function writtenSecret(secret: Buffer): string {
  return `whsec_${secret.toString('base64')}`;
}

/** The headers by which a receiver knows that a message is ours and new: Standard Webhooks, scheme v1. */
export function signedHeaders(
  id: string,
  body: string,
  secret: Buffer,
  now: number = Date.now(),
): Record<string, string> {
  const timestamp = `${Math.floor(now / 1000)}`;
  const signature = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}
