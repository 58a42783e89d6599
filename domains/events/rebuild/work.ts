import type { FollowedModel } from '#shared/definition/definitions.ts';
import type { ReactionContext } from '#shared/definition/reactor.ts';
import type { ReadModel } from '#shared/definition/read-model.ts';
import { copiedSoFar, copyStore } from '#shared/read-models/rebuild/copy-store.ts';
import { emptyTable } from '#shared/read-models/rebuild/empty-table.ts';
import {
  appointmentMilliseconds,
  type Control,
  cacheMilliseconds,
  createControl,
  holdMilliseconds,
} from '#shared/read-models/rebuild/generations.ts';
import { documents, dynamodb, eventStore } from '#shared/runtime/clients.ts';
import { log } from '#shared/runtime/log.ts';
import { setting } from '#shared/runtime/settings.ts';
import { measure, sizeOfStore, targetOf } from './model-tables.ts';
import {
  fail,
  noteCopied,
  noteEmptied,
  noteProgress,
  noteSwitched,
  plan,
  type Rebuild,
  rebuild,
  resume,
} from './rebuild.ts';

/** How long one step copies before it tells how far it is; a function has a minute. */
const sliceMilliseconds = 10_000;
/** Longer than a function may run: after it, whoever held the lease is dead. */
const leaseMilliseconds = 70_000;

interface Work {
  readonly id: string;
  readonly state: Rebuild;
  readonly model: FollowedModel;
  readonly projection: ReadModel;
  readonly control: Control;
  readonly pause: Pause;
}

/** Waits until what others have read of the tables is out of date. */
type Pause = (milliseconds: number) => Promise<void>;

/** What to record once the lease is given back, so that whoever is woken by it can take it. */
type Told = (context: ReactionContext) => Promise<unknown>;

/** Does the step that the rebuild stands at, if it still stands at this version and nobody else is doing it. */
export async function workAtRebuild(
  id: string,
  version: number,
  owner: string,
  context: ReactionContext,
  pause: Pause = passed,
): Promise<void> {
  const tenant = context.installationTenant;
  const { state } = await context.load(rebuild, tenant, id);
  const models = JSON.parse(setting('READ_MODELS')) as FollowedModel[];
  const model = models.find(({ name }) => name === state.model);
  const projection = context.definitions.projections[state.model];
  if (!model || !projection) {
    await context.execute(rebuild, tenant, id, fail, { reason: `There is no read model ${state.model}.` });
    return;
  }
  const control = createControl(await documents(), model.table);
  // Whoever copies sees it before the next page, and leaves off.
  if (isGivenUp(state)) await control.abandon(id);
  if (!(await control.lease(owner, Date.now(), Date.now() + leaseMilliseconds))) return;
  let told: Told | undefined;
  try {
    const now = await context.load(rebuild, tenant, id);
    if (now.version === version)
      told = await step({ id, state: now.state, model, projection, control, pause }, tenant);
  } catch (error) {
    // What AWS refuses is tried again; what our own code refuses is refused each time.
    if (!(error instanceof Error) || '$metadata' in error) throw error;
    log.error('The rebuild failed', error);
    const reason = `${error.name}: ${error.message}`.slice(0, 2_000);
    told = (to) => to.execute(rebuild, tenant, id, fail, { reason });
  } finally {
    await control.release(owner);
  }
  await told?.(context);
  // It may have been cancelled meanwhile, and whoever was told of that came before the table was begun.
  const { state: after } = await context.load(rebuild, tenant, id);
  if (isGivenUp(after)) await control.abandon(id);
}

function isGivenUp({ status }: Rebuild): boolean {
  return status === 'cancelled' || status === 'failed';
}

async function step(work: Work, tenant: string): Promise<Told | undefined> {
  const { id, state, model, projection } = work;
  switch (state.status) {
    case 'planning': {
      const { estimate } = await measure(model, projection, await sizeOfStore());
      return (to) => to.execute(rebuild, tenant, id, plan, estimate);
    }
    case 'emptying': {
      const isEmpty = await emptyTarget(work);
      const decide = isEmpty ? noteEmptied : resume;
      return (to) => to.execute(rebuild, tenant, id, decide, {});
    }
    case 'copying': {
      const { isDone, progress } = await copySlice(work);
      const decide = isDone ? noteCopied : noteProgress;
      return (to) => to.execute(rebuild, tenant, id, decide, progress);
    }
    case 'switching':
      await turnReaders(work);
      return (to) => to.execute(rebuild, tenant, id, noteSwitched, {});
    default:
      return undefined;
  }
}

/** Deletes what an earlier rebuild left in the table. */
async function emptyTarget({ id, model, control, pause }: Work): Promise<boolean> {
  const standing = await control.read();
  // The model's name is ours alone while we run, so a rebuild that still stands there died before it was cleared away.
  if (standing.rebuild !== undefined && standing.rebuild !== id) {
    await control.finish(standing.rebuild);
    await control.abandon(standing.rebuild);
  }
  // Projections that still know of one given up a moment ago write this table too: a row that one of them writes after
  // its deletion, and before that of the position beside it, would hold a part of its events, and get them twice.
  await pause(cacheMilliseconds * 2);
  const until = Date.now() + sliceMilliseconds;
  const target = targetOf(model.table, await control.read());
  return emptyTable(await documents(), target, async () => Date.now() > until);
}

async function copySlice({ id, state, model, projection, control, pause }: Work) {
  const standing = await control.read();
  if (standing.rebuild !== id) {
    if (!(await control.begin(id))) throw new Error('Another rebuild fills the table.');
    // From here on every projection writes both tables.
    await pause(cacheMilliseconds * 2);
  }
  const client = await documents();
  const started = Date.now();
  const isOver = async () =>
    Date.now() - started > sliceMilliseconds || (await control.read()).rebuild !== id;
  const before = await copiedSoFar(client, {
    rebuild: id,
    firstTable: model.table,
    segments: state.segments,
  });
  const { isDone, copied } = await copyStore({
    rebuild: id,
    segments: state.segments,
    scan: await dynamodb(),
    eventStoreTable: setting('EVENT_STORE_TABLE'),
    firstTable: model.table,
    target: { client, table: targetOf(model.table, standing), model: projection, store: await eventStore() },
    isOver,
  });
  const seconds = Math.max(Date.now() - started, 1) / 1_000;
  const rowsPerSecond = Math.round((copied.rows - before.rows) / seconds);
  const { items, events, rows } = copied;
  return { isDone, progress: { items, events, rows, rowsPerSecond } };
}

/** Appoints the switch, waits until it is over, and makes the new table the one that serves. */
async function turnReaders({ id, control, pause }: Work): Promise<void> {
  const standing = await control.read();
  // A former try may have come to the end, and died before it was told.
  if (standing.rebuild !== id) return;
  const switchAt = await control.appoint(id, Date.now() + appointmentMilliseconds);
  await pause(switchAt + holdMilliseconds - Date.now());
  await control.finish(id);
}

const passed: Pause = (milliseconds) =>
  new Promise((resolve) => setTimeout(resolve, Math.max(milliseconds, 0)));
