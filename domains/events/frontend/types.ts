/** What the API of events says, field by field. Times are RFC 3339 UTC. */

export interface Actor {
  type: 'user' | 'service';
  id: string;
}

/** A kind of stream, and the domain whose aggregate it is. */
export interface Category {
  domain: string;
  type: string;
}

export interface StreamItem {
  domain: string;
  type: string;
  id: string;
  version: number;
  firstAt: string;
  lastAt: string;
  lastType: string;
  lastActor: Actor;
}

/** A stream as the store has it now. */
export interface Stream extends StreamItem {
  commits: number;
  /** Absent while none was made, or the one that stands was made by older code. */
  snapshot?: { version: number };
}

export interface StreamEvent {
  id: string;
  type: string;
  source: string;
  schemaVersion: number;
  time: string;
  stream: { type: string; id: string };
  version: number;
  commit: number;
  actor: Actor;
  correlationId: string;
  causationId: string;
  trace?: string;
  data: unknown;
}

/** The state of a stream after the event with this version, and before it. */
export interface StreamState {
  version: number;
  event: StreamEvent;
  before: unknown;
  state: unknown;
}

/** An event as the lineage lists it: all but its data. */
export interface LineageEvent {
  domain: string;
  stream: { type: string; id: string };
  version: number;
  commit: number;
  type: string;
  time: string;
  actor: Actor;
  causationId: string;
  trace?: string;
}

/** How far a read model has followed a stream. */
export interface Progress {
  model: string;
  version: number;
}

/** A stream that the lineage touched: up to which version, and how far each read model has come with it. */
export interface LineageStream {
  type: string;
  id: string;
  version: number;
  models: Progress[];
}

export interface LineagePage {
  items: LineageEvent[];
  streams: LineageStream[];
  nextCursor?: string;
}

/** What one event did to the row of one read model. */
export interface Effect {
  model: string;
  key: string;
  /** How far the model has followed the stream; below the event's version it has not applied it yet. */
  version: number;
  /** Whether events of other streams may have a part in the row. */
  joined: boolean;
  before?: unknown;
  after?: unknown;
  /** The row as the table has it now. */
  now?: unknown;
  /** Why the projection refuses the event. */
  error?: string;
}
