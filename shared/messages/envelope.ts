/** Who acts: a person (Cognito `sub`) or one of our functions (its name); never an e-mail address. */
export interface Actor {
  readonly type: 'user' | 'service';
  readonly id: string;
}

/** Names a stream: the aggregate's type and the id of one of its kind. */
export interface StreamName {
  readonly tenant: string;
  readonly type: string;
  readonly id: string;
}

/**
 * A recorded event as everybody outside the aggregate sees it: on the bus, in projections, in reactions.
 * CloudEvents 1.0 names where they exist. What has been issued cannot be changed: fields may only be added.
 */
export interface Envelope<Type extends string = string, Data = unknown> {
  readonly specversion: '1.0';
  /** `<aggregate>/<stream id>/<version>`: the same for every delivery of the event. */
  readonly id: string;
  /** `skafu.<domain>` */
  readonly source: string;
  readonly type: Type;
  readonly schemaVersion: number;
  /** RFC 3339, UTC, milliseconds. */
  readonly time: string;
  readonly tenant: string;
  readonly stream: { readonly type: string; readonly id: string };
  /** Position in its stream, counted from 1 without a gap. */
  readonly version: number;
  /** Number of the commit that holds the event; a reader that missed some starts reading there. */
  readonly commit: number;
  readonly actor: Actor;
  readonly correlationId: string;
  /** What made it happen: a command's id or the id of an event. */
  readonly causationId: string;
  /** X-Ray trace header of the request that recorded it, if it was traced. */
  readonly trace?: string;
  /** Absent when it was too large for the bus; `dataref` then says that the store has it. */
  readonly data: Data;
  readonly dataref?: string;
}

/** `<aggregate>/<stream id>`: how a stream is written on the wire. */
export function streamPath(stream: { type: string; id: string }): string {
  return `${stream.type}/${stream.id}`;
}
