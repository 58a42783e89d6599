import type { LineageEvent, LineageStream } from '../types.ts';

/** The id of an event, as others name it as their cause. */
export function eventId({ stream, version }: Pick<LineageEvent, 'stream' | 'version'>): string {
  return `${stream.type}/${stream.id}/${version}`;
}

/** What one command or reaction recorded at once. */
export interface CommitNode {
  readonly key: string;
  /** The command's id, or the id of the event that it reacts to. */
  readonly causationId: string;
  /** Whether that event is known and stands above it in the tree. */
  readonly isBelowCause: boolean;
  readonly events: readonly EventNode[];
}

export interface EventNode {
  readonly event: LineageEvent;
  /** What was recorded because of it. */
  readonly reactions: readonly CommitNode[];
}

/** Who caused what: commits below the events that caused them; commands, and what was caused elsewhere, at the top. */
export function lineageTree(events: readonly LineageEvent[]): readonly CommitNode[] {
  const known = new Set(events.map(eventId));
  const byCause = new Map<string, LineageEvent[][]>();
  const roots: LineageEvent[][] = [];
  for (const commit of commitsOf(events)) {
    const cause = commit[0]?.causationId ?? '';
    if (known.has(cause)) byCause.set(cause, [...(byCause.get(cause) ?? []), commit]);
    else roots.push(commit);
  }
  const nodeOf = (commit: readonly LineageEvent[], isBelowCause: boolean): CommitNode => ({
    key: commitKey(commit[0]),
    causationId: commit[0]?.causationId ?? '',
    isBelowCause,
    events: commit.map((event) => ({
      event,
      reactions: (byCause.get(eventId(event)) ?? []).map((next) => nodeOf(next, true)),
    })),
  });
  return roots.map((commit) => nodeOf(commit, false));
}

function commitsOf(events: readonly LineageEvent[]): LineageEvent[][] {
  const commits = new Map<string, LineageEvent[]>();
  for (const event of events) {
    const commit = commits.get(commitKey(event));
    if (commit) commit.push(event);
    else commits.set(commitKey(event), [event]);
  }
  return [...commits.values()];
}

function commitKey(event: LineageEvent | undefined): string {
  return event ? `${event.stream.type}/${event.stream.id}#${event.commit}` : '';
}

/** How many of the read models that follow the event's stream have applied it. */
export function appliedOf(
  event: Pick<LineageEvent, 'stream' | 'version'>,
  streams: readonly LineageStream[],
): { applied: number; models: number } {
  const stream = streams.find(({ type, id }) => type === event.stream.type && id === event.stream.id);
  const models = stream?.models ?? [];
  return {
    applied: models.filter(({ version }) => version >= event.version).length,
    models: models.length,
  };
}

/** The streams of all pages together, each with the furthest that was told of it. */
export function streamsOf(pages: readonly { readonly streams: readonly LineageStream[] }[]): LineageStream[] {
  const streams = new Map<string, LineageStream>();
  for (const stream of pages.flatMap((page) => page.streams)) {
    const key = `${stream.type}/${stream.id}`;
    if (stream.version >= (streams.get(key)?.version ?? 0)) streams.set(key, stream);
  }
  return [...streams.values()];
}
