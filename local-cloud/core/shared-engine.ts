/**
 * A DynamoDB Local that works for several local clouds, each with tables of its own: it keeps the tables of each access
 * key apart. Plain data, so that it can be told to other processes.
 */
export interface SharedEngine {
  readonly port: number;
  /** Where it keeps the tables of those that it works for. */
  readonly folder: string;
}
