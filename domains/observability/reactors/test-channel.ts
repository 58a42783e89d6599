import { reactor } from '#shared/definition/reactor.ts';
import { idFrom } from '#shared/runtime/ids.ts';
import { notificationChannel, recordTest } from '../notification-channel/notification-channel.ts';
import { channelSecret } from '../webhook/channel-secret.ts';
import { testBody } from '../webhook/message.ts';
import { sendWebhook } from '../webhook/send.ts';

/** Sends the test message that somebody asked for, whether or not the channel is enabled, and records how it went. */
export const testChannel = reactor({
  follows: notificationChannel,
  uses: ['keys'],
  react: async ({ tenant, id, state }, { environment, execute }) => {
    if (!('channel' in state) || state.tested >= state.tests) return;
    const { channel, generation, tests: test } = state;
    const outcome = await sendWebhook({
      url: channel.url,
      id: `msg_${idFrom('channel-test', id, `${test}`)}`,
      body: testBody(channel.name, new Date().toISOString()),
      secret: await channelSecret(tenant, id, generation),
      anyAddress: environment === 'local',
    });
    await execute(notificationChannel, tenant, id, recordTest, { test, ...outcome });
  },
});
