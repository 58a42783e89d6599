import type { Actor } from '../types.ts';

export type RebuildStatus =
  | 'planning'
  | 'emptying'
  | 'copying'
  | 'switching'
  | 'switched'
  | 'cancelled'
  | 'failed';

/** What a rebuild will take, before it starts. */
export interface Estimate {
  items: number;
  bytes: number;
  rows: number;
  readUnits: number;
  writeUnits: number;
  dollars: number;
  seconds: number;
}

export interface Rebuild {
  rebuildId: string;
  status: RebuildStatus;
  startedBy: Actor;
  startedAt: string;
  lastAt: string;
  progress?: { items: number; events: number; rows: number; rowsPerSecond: number };
  /** How much of the store was read, from 0 to 1. */
  share?: number;
  secondsLeft?: number;
  reason?: string;
}

export interface ReadModel {
  /** `<domain>/<model>` */
  model: string;
  follows: 'everything' | 'processes' | string[];
  rows: number;
  bytes: number;
  /** Absent while catch-up has not looked lately. */
  lagSeconds?: number;
  estimate: Estimate;
  /** The one that runs, or else the last. */
  rebuild?: Rebuild;
}

/** List prices of DynamoDB, in dollars for a million units. */
export interface Price {
  region: string;
  since: string;
  perMillionReadUnits: number;
  perMillionWriteUnits: number;
}

export interface ReadModels {
  items: ReadModel[];
  price: Price;
}
