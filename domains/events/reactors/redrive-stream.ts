import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { reactor } from '#shared/definition/reactor.ts';
import { publish } from '#shared/event-store/publish.ts';
import type { Envelope } from '#shared/messages/envelope.ts';
import { setting } from '#shared/runtime/settings.ts';
import { failure } from '../failure/failure.ts';
import type { Target } from '../failure/occurrence.ts';

let client: EventBridgeClient | undefined;

/**
 * Delivers again what waits on a stream. A read model is told of the stream's last event, for it reads on by itself from
 * where it stands, in order. A function is told of the very event that it could not act on. Whoever had it before drops
 * it, or acts on the state that is.
 */
export const redriveStream = reactor({
  follows: failure,
  uses: ['events-bus'],
  react: async ({ event }, context) => {
    if (event.type !== 'StreamRedriven') return;
    const target = event.data as Target;
    const history = await context.history({ type: target.type }, target.tenant, target.id);
    const again = eventFor(target, history);
    if (!again) return;
    client ??= new EventBridgeClient({});
    const refused = await publish(client, setting('EVENTS_BUS'), [again]);
    if (refused.length > 0) throw new Error('The bus refused the event that was to be delivered again.');
  },
});

function eventFor({ kind, version }: Target, history: readonly Envelope[]): Envelope | undefined {
  return kind === 'read-model' ? history.at(-1) : history.find((event) => event.version === version);
}
