import { createWriteStream } from 'node:fs';
import type { Logger } from './logger.ts';

export interface FileLogger extends Logger {
  /** Ends when everything logged so far is in the file. */
  close(): Promise<void>;
}

/** Appends one JSON line per entry to `file`. A disk that cannot be written is told once on standard error. */
export function createFileLogger(file: string): FileLogger {
  const stream = createWriteStream(file, { flags: 'a', mode: 0o600 });
  stream.once('error', (error) =>
    process.stderr.write(`The log ${file} cannot be written: ${error.message}\n`),
  );
  const entry = (level: string) => (message: string, fields?: Record<string, unknown>) => {
    if (stream.writable) {
      stream.write(
        `${JSON.stringify({ time: new Date().toISOString(), level, message, ...fields }, plain)}\n`,
      );
    }
  };
  return {
    info: entry('info'),
    warn: entry('warn'),
    error: entry('error'),
    close: () => new Promise((resolve) => (stream.writable ? stream.end(() => resolve()) : resolve())),
  };
}

/** Errors and big integers have no JSON form of their own. */
function plain(_key: string, value: unknown): unknown {
  if (value instanceof Error) return { name: value.name, message: value.message, stack: value.stack };
  return typeof value === 'bigint' ? value.toString() : value;
}
