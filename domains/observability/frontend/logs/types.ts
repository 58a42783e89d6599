/** What the API says of logs, field by field. Times are RFC 3339 UTC. */

export type QueryStatus =
  | 'scheduled'
  | 'running'
  | 'complete'
  | 'failed'
  | 'cancelled'
  | 'timed-out'
  | 'unknown';

/** A row of an answer: a value or nothing for each of its fields. */
export type LogValues = readonly (string | null)[];

export interface LogAnswer {
  queryId: string;
  status: QueryStatus;
  fields: string[];
  rows: LogValues[];
  statistics: { recordsMatched: number; recordsScanned: number; bytesScanned: number };
  /** Rows left out because the answer would have been too large. */
  cut: number;
}

/** The first answer to a query tells also what is searched. */
export interface LogSearch extends LogAnswer {
  from: string;
  to: string;
  groups: string[];
  /** Groups that were not searched, since a query takes no more than 50. */
  groupsLeft: number;
}

export interface LogCount extends LogAnswer {
  from: string;
  to: string;
  /** Length of a bar in seconds. */
  bin: number;
}

export interface LogWish {
  query: string;
  /** Names parted by commas; absent for every group of the installation. */
  groups?: string;
  from: string;
  to: string;
}

export interface LogGroup {
  name: string;
  storedBytes: number;
  retentionDays?: number;
  createdAt?: string;
}

export interface LogLine {
  timestamp: string;
  message: string;
}

/** Where a line stands. */
export interface LinePlace {
  group: string;
  stream: string;
  at: string;
}
