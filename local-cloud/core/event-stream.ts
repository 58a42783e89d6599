/** One event of an answer that goes on. */
export interface StreamedEvent {
  /** As the service's model names the member, for example `sessionUpdate`. */
  type: string;
  payload: object;
}

/**
 * What an operation answers that does not end at once. The gateway writes each event as it comes, and ends the
 * iteration when the client has left. An `AwsError` that the iteration throws ends the stream as its exception.
 */
export class EventStream {
  readonly events: AsyncIterable<StreamedEvent>;

  constructor(events: AsyncIterable<StreamedEvent>) {
    this.events = events;
  }
}
