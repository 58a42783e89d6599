import { type HandlerName, invoke } from './crash-handlers.ts';

/** A process as Lambda's: it takes one event, lets its handler work, and tells what came of it. */
process.once('message', ({ name, event }: { name: HandlerName; event: unknown }) => {
  void invoke(name, event).then(
    (answer) => process.send?.({ answer }, () => process.disconnect()),
    (error) => process.send?.({ failure: String(error) }, () => process.disconnect()),
  );
});
