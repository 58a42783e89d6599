/** What each kind of function gets: memory in MB (which also sets its share of processor), timeout in seconds. */
export const functionKinds = {
  endpoint: { memory: 512, timeout: 10 },
  command: { memory: 512, timeout: 10 },
  query: { memory: 512, timeout: 10 },
  /** Reads AWS itself, which may take long; API Gateway gives up after 30 s. */
  liveQuery: { memory: 512, timeout: 29 },
  projector: { memory: 512, timeout: 30 },
  reactor: { memory: 512, timeout: 30 },
  /** Reads and writes all it can: memory sets the share of processor. */
  rebuild: { memory: 1769, timeout: 60 },
  relay: { memory: 512, timeout: 60 },
  catchUp: { memory: 512, timeout: 60 },
  /** Reads the store for twelve minutes at most, a segment of it in memory. */
  seal: { memory: 1024, timeout: 900 },
  /** Five checks of five seconds at most. */
  canary: { memory: 512, timeout: 30 },
} as const;

export type FunctionKind = keyof typeof functionKinds;
