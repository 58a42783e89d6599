import type { Clock } from '../../../core/clock.ts';
import { AwsError } from '../../../core/errors.ts';

/** A line as a session tells it. */
export interface TailedLine {
  logGroupIdentifier: string;
  logStreamName: string;
  message: string;
  timestamp: number;
  ingestionTime: number;
}

export interface SessionUpdate {
  sessionMetadata: { sampled: boolean };
  sessionResults: TailedLine[];
}

const MOST_LINES = 500;
/** What is kept for a client that reads slower; the oldest goes first. */
const MOST_UPDATES = 10;
const UPDATE_MILLISECONDS = 1_000;
const LONGEST_MILLISECONDS = 3 * 3_600_000;

/** The lines of one client, a second's worth at a time. */
export class TailSession {
  readonly #clock: Clock;
  readonly #ends: number;
  readonly #updates: SessionUpdate[] = [];
  readonly #timer: NodeJS.Timeout;
  #lines: TailedLine[] = [];
  #count = 0;
  #isEnded = false;
  #wake: () => void = () => {};

  constructor(clock: Clock, updateMilliseconds = UPDATE_MILLISECONDS) {
    this.#clock = clock;
    this.#ends = clock.now() + LONGEST_MILLISECONDS;
    this.#timer = setInterval(() => this.#update(), updateMilliseconds).unref();
  }

  /** Of more lines than an update holds, each has the same chance to be among them. */
  take(line: TailedLine): void {
    this.#count += 1;
    if (this.#lines.length < MOST_LINES) this.#lines.push(line);
    else {
      const place = Math.floor(Math.random() * this.#count);
      if (place < MOST_LINES) {
        this.#lines.splice(place, 1);
        this.#lines.push(line);
      }
    }
  }

  #update(): void {
    this.#updates.push({
      sessionMetadata: { sampled: this.#count > MOST_LINES },
      sessionResults: this.#lines,
    });
    if (this.#updates.length > MOST_UPDATES) this.#updates.shift();
    this.#lines = [];
    this.#count = 0;
    this.#wake();
  }

  /** Ends once the session is closed. Throws `SessionTimeoutException` after three hours. */
  async *updates(): AsyncGenerator<SessionUpdate> {
    try {
      while (!this.#isEnded) {
        const update = this.#updates.shift();
        if (update) yield update;
        else if (this.#clock.now() >= this.#ends) {
          throw new AwsError(
            'SessionTimeoutException',
            'The Live Tail session has been open for three hours.',
          );
        } else {
          await new Promise<void>((wake) => {
            this.#wake = wake;
          });
        }
      }
    } finally {
      this.end();
    }
  }

  end(): void {
    this.#isEnded = true;
    clearInterval(this.#timer);
    this.#wake();
  }
}
