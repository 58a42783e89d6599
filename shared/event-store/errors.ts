/** A stream whose commits are not dense or cannot be read. It is refused by name rather than folded into wrong state. */
export class StreamCorrupt extends Error {
  readonly stream: string;

  constructor(stream: string, what: string, options?: ErrorOptions) {
    super(`Stream ${stream} is corrupt: ${what}.`, options);
    this.name = 'StreamCorrupt';
    this.stream = stream;
  }
}

/** A commit that DynamoDB could not store: an item holds 400 KB at most. Nothing was sent. */
export class CommitTooLarge extends Error {
  readonly bytes: number;

  constructor(stream: string, bytes: number) {
    super(`The events for stream ${stream} take ${bytes} bytes; a commit holds ${maximumItemBytes} at most.`);
    this.name = 'CommitTooLarge';
    this.bytes = bytes;
  }
}

export const maximumItemBytes = 400 * 1024;
