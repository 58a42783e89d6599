import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FilterPattern } from '../patterns/filter-pattern.ts';

export interface SubscribedLine {
  id: string;
  /** Epoch milliseconds. */
  timestamp: number;
  message: string;
  /** What a pattern of columns read of it. */
  extractedFields?: Record<string, string>;
}

/** What a function is given, packed as `awslogs.data`. */
export interface SubscriptionMessage {
  messageType: 'DATA_MESSAGE';
  owner: string;
  logGroup: string;
  logStream: string;
  subscriptionFilters: [string];
  logEvents: SubscribedLine[];
}

const compress = promisify(gzip);

/** `{ awslogs: { data } }`: the message as JSON, compressed with gzip, in base64. */
export async function packed(message: SubscriptionMessage): Promise<{ awslogs: { data: string } }> {
  return { awslogs: { data: (await compress(JSON.stringify(message))).toString('base64') } };
}

/** The fields that columns name, without the `$` with which they are asked for. */
export function extractedFields(
  pattern: FilterPattern,
  text: string,
  message: string,
): { extractedFields?: Record<string, string> } {
  if (!text.trim().startsWith('[')) return {};
  const fields = Object.entries(pattern.extract(message));
  return {
    extractedFields: Object.fromEntries(fields.map(([name, value]) => [name.replace(/^\$/u, ''), value])),
  };
}
