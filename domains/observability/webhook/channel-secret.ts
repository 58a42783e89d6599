import { derivedSecret, ensureKey } from '#shared/runtime/derived-secret.ts';

const key = 'notification-channels';

/** The signing secret of a channel; `generation` counts its rotations. */
export function channelSecret(tenant: string, channelId: string, generation: number): Promise<Buffer> {
  return derivedSecret(key, 'webhook', tenant, channelId, `${generation}`);
}

/** The same, where it is told to a person for the first time and the key may not have been made. */
export async function newChannelSecret(
  tenant: string,
  channelId: string,
  generation: number,
): Promise<Buffer> {
  await ensureKey(key);
  return channelSecret(tenant, channelId, generation);
}
