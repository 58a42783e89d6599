/** What DescribeTable says of a table. AWS counts every six hours, so it is about right for what is large. */
export interface TableSize {
  readonly items: number;
  readonly bytes: number;
}

/** What a rebuild will take, before it starts. */
export interface Estimate {
  /** Items of the event store to read. */
  readonly items: number;
  readonly bytes: number;
  /** Rows and positions to write, by what the serving table holds. */
  readonly rows: number;
  readonly readUnits: number;
  readonly writeUnits: number;
  readonly dollars: number;
  readonly seconds: number;
  /** Into how many parts the store is divided. */
  readonly segments: number;
}

/** List prices of DynamoDB on demand, in dollars for a million units. */
export const price = {
  region: 'us-east-1',
  since: '2024-11-01',
  perMillionReadUnits: 0.125,
  perMillionWriteUnits: 0.625,
} as const;

/** Rows written in a second where no earlier rebuild has told it; one function on AWS, cautiously. */
export const assumedRowsPerSecond = 500;
/** A page of a scan in a second, where hardly any of what is read leads to a row. */
const assumedBytesPerSecond = 4_000_000;
/** Until projections know of the rebuild, until the switch, and the steps between them. */
const fixedSeconds = 15;
const segmentBytes = 16_000_000;
const maximumSegments = 16;
const readUnitBytes = 4_096;
const writeUnitBytes = 1_024;

/**
 * Estimates by AWS's rules: each started 4 KB of the store is a read unit; each row costs its started kilobytes in write
 * units, once in the table and once in the index of lists; twice in the table where a row and a position move together;
 * and once more for each row that a former rebuild left in the table to fill.
 */
export function estimateOf(of: {
  store: TableSize;
  serving: TableSize;
  /** What is deleted first. */
  idle: TableSize;
  hasOwnPositions: boolean;
  rowsPerSecond?: number | undefined;
}): Estimate {
  const { store, serving, idle, hasOwnPositions } = of;
  const readUnits = Math.ceil(store.bytes / readUnitBytes);
  const unitsOf = ({ items, bytes }: TableSize) =>
    items === 0 ? 0 : items * Math.ceil(bytes / items / writeUnitBytes);
  const once = unitsOf(serving);
  const writeUnits = once * (hasOwnPositions ? 3 : 2) + 2 * unitsOf(idle);
  const rowsPerSecond = of.rowsPerSecond ?? assumedRowsPerSecond;
  return {
    items: store.items,
    bytes: store.bytes,
    rows: serving.items,
    readUnits,
    writeUnits,
    dollars: (readUnits * price.perMillionReadUnits + writeUnits * price.perMillionWriteUnits) / 1_000_000,
    seconds: Math.ceil(
      fixedSeconds +
        Math.max((serving.items + idle.items) / rowsPerSecond, store.bytes / assumedBytesPerSecond),
    ),
    segments: Math.min(Math.max(Math.ceil(store.bytes / segmentBytes), 1), maximumSegments),
  };
}
