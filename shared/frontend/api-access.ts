/** What requests need to know of the session, and what they remember between each other. */
export interface ApiAccess {
  fetch: typeof fetch;
  /** The ID token. `refresh` asks for a new one even if the present one looks valid. */
  token(options?: { refresh: boolean }): Promise<string | undefined>;
  /** Called when the API refuses even a new token. */
  signedOut(): void;
  /** The version that the last command of this console left a stream type at, so that lists include it. */
  marks: FreshMarks;
  /** Keys of commands whose answer has not arrived. */
  pending: PendingKeys;
}

/** How long a list is asked to be as new as our last command. Later it is so without asking. */
const markLifetime = 10_000;

export interface FreshMarks {
  /** Notes that a command left `stream` (`type/id`) at `version`. */
  note(stream: string, version: number): void;
  /** The newest mark of a stream type in the form of `atLeast`, or nothing. */
  of(type: string): string | undefined;
}

export function createFreshMarks(now: () => number = Date.now): FreshMarks {
  const marks = new Map<string, { mark: string; until: number }>();
  return {
    note: (stream, version) => {
      const type = stream.split('/')[0] ?? stream;
      marks.set(type, { mark: `${stream}:${version}`, until: now() + markLifetime });
    },
    of: (type) => {
      const found = marks.get(type);
      return found && found.until > now() ? found.mark : undefined;
    },
  };
}

export interface PendingKeys {
  /** The idempotency key of a command: the same one for the same command until `settle`. */
  keyOf(command: string): string;
  settle(command: string): void;
}

/**
 * A command whose answer was lost is repeated by the person with the same key, so it can never act twice;
 * the same command after an answer is a new wish, with a new key.
 */
export function createPendingKeys(newKey: () => string = () => crypto.randomUUID()): PendingKeys {
  const keys = new Map<string, string>();
  return {
    keyOf: (command) => {
      const key = keys.get(command) ?? newKey();
      keys.set(command, key);
      return key;
    },
    settle: (command) => {
      keys.delete(command);
    },
  };
}

export function createApiAccess(session: Pick<ApiAccess, 'fetch' | 'token' | 'signedOut'>): ApiAccess {
  return { ...session, marks: createFreshMarks(), pending: createPendingKeys() };
}
