import { readModel } from '#shared/definition/read-model.ts';
import type { Actor } from '#shared/messages/envelope.ts';
import { type Planned, type Progressed, type RebuildStatus, rebuild } from '../rebuild/rebuild.ts';

export interface RebuildRow {
  readonly rebuildId: string;
  /** `<domain>/<model>` */
  readonly model: string;
  readonly status: RebuildStatus;
  readonly startedBy: Actor;
  readonly startedAt: string;
  /** When it was last heard of. */
  readonly lastAt: string;
  readonly estimate?: Planned;
  /** When copying began. */
  readonly copyingSince?: string;
  readonly progress?: Progressed;
  readonly endedBy?: Actor;
  readonly reason?: string;
  readonly version: number;
}

/** The list of those that run; the others stand in the list of their model. */
export const running = 'running';

/** Rebuilds that run, and of each model those that are over, newest first. */
export const rebuilds = readModel({
  follows: rebuild,
  listed: ({ status, model, startedAt, rebuildId }: RebuildRow) => ({
    list: isOver(status) ? model : running,
    order: `${startedAt}#${rebuildId}`,
  }),
  project: {
    RebuildStarted: (_, { stream, version, actor, time, data }): RebuildRow => ({
      rebuildId: stream.id,
      model: data.model,
      status: 'planning',
      startedBy: actor,
      startedAt: time,
      lastAt: time,
      version,
    }),
    RebuildPlanned: (row, { version, time, data }): RebuildRow | undefined =>
      row && { ...row, status: 'emptying', estimate: data, lastAt: time, version },
    RebuildTableEmptied: (row, { version, time }): RebuildRow | undefined =>
      row && { ...row, status: 'copying', copyingSince: time, lastAt: time, version },
    RebuildProgressed: (row, { version, time, data }): RebuildRow | undefined =>
      row && { ...row, progress: data, lastAt: time, version },
    RebuildResumed: (row, { version, time }): RebuildRow | undefined =>
      row && { ...row, lastAt: time, version },
    RebuildCopied: (row, { version, time, data }): RebuildRow | undefined =>
      row && { ...row, status: 'switching', progress: data, lastAt: time, version },
    RebuildSwitched: (row, { version, time }): RebuildRow | undefined =>
      row && { ...row, status: 'switched', lastAt: time, version },
    RebuildCancelled: (row, { version, time, actor, data }): RebuildRow | undefined =>
      row && { ...row, status: 'cancelled', endedBy: actor, reason: data.reason, lastAt: time, version },
    RebuildFailed: (row, { version, time, data }): RebuildRow | undefined =>
      row && { ...row, status: 'failed', reason: data.reason, lastAt: time, version },
  },
});

function isOver(status: RebuildStatus): boolean {
  return status === 'switched' || status === 'cancelled' || status === 'failed';
}
