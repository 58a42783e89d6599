import type { Aggregate } from '#shared/definition/aggregate.ts';
import { command } from '#shared/definition/command.ts';
import { rememberFingerprints as learnFingerprints } from '#shared/event-store/fingerprints.ts';
import { handler as relay } from '#shared/functions/relay.ts';
import { integer } from '#shared/messages/schema.ts';
import { serveCommand } from '#shared/runtime/serve-command.ts';
import { serveProjection } from '#shared/runtime/serve-projection.ts';
import { serveSnapshots } from '#shared/runtime/serve-snapshots.ts';
import { count, counter } from '#shared/testing/counter.ts';
import { everyStream, steps, sums, totals } from './models.ts';

learnFingerprints({ 'testing/counter': 'crash' });

const start = command({
  route: 'POST /counters',
  roles: ['operator'],
  input: { by: integer() },
  aggregate: counter,
  decide: count,
});
const add = command({ ...start, input: { by: integer() }, route: 'POST /counters/{counterId}/additions' });
/** What is sent here is well formed. */
const valid = () => true;

// The writer of snapshots takes aggregates of whatever state, as the build hands them over without types.
const folded = counter as unknown as Aggregate<never, never>;

/** The handlers that are killed, as the build makes them of their definitions. */
const handlers = {
  start: serveCommand(start, valid),
  add: serveCommand(add, valid),
  relay,
  snapshots: serveSnapshots([folded]),
  totals: serveProjection(totals),
  steps: serveProjection(steps),
  sums: serveProjection(sums),
  everyStream: serveProjection(everyStream),
};
export type HandlerName = keyof typeof handlers;

/** Hands the event to the handler, as Lambda does. */
export function invoke(name: HandlerName, event: unknown): Promise<unknown> {
  return (handlers[name] as (event: unknown) => Promise<unknown>)(event);
}
