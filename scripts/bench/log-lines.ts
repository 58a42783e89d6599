import type { Telemetry } from '../../local-cloud/core/telemetry.ts';

/** Names the group and the range that `writeLogLines` fills. */
export interface LogLoad {
  group: string;
  /** Epoch milliseconds. */
  from: number;
  to: number;
  lines: number;
}

const LEVELS = ['INFO', 'INFO', 'INFO', 'INFO', 'DEBUG', 'WARN', 'ERROR'];
const ROUTES = ['/alerts', '/alert-rules', '/metrics', '/logs', '/traces', '/users'];

/** Numbers that look like chance and are the same at every run. */
function createNumbers(): (below: number) => number {
  let state = 0x2545f491;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

function lineOf(index: number, time: number, next: (below: number) => number): string {
  const level = LEVELS[next(LEVELS.length)] ?? 'INFO';
  const duration = (next(90_000) + 1_000) / 100;
  // A tenth is what Lambda and older programs write: no JSON.
  if (index % 10 === 0) {
    return `${level} request=${index} user=u-${next(5_000)} status=${200 + next(4) * 100} took ${duration} ms`;
  }
  return JSON.stringify({
    level,
    timestamp: new Date(time).toISOString(),
    message: 'Request handled',
    service: `service-${next(8)}`,
    route: ROUTES[next(ROUTES.length)],
    status: 200 + next(4) * 100,
    duration,
    correlation_id: `c-${index}`,
    user: { id: `u-${next(5_000)}` },
  });
}

/** Writes log lines through the telemetry of the local cloud as services do, evenly over the range. */
export async function writeLogLines(
  telemetry: Telemetry,
  { group, from, to, lines }: LogLoad,
): Promise<void> {
  const next = createNumbers();
  for (let index = 0; index < lines; index += 1) {
    const time = Math.floor(from + ((to - from) * index) / lines);
    telemetry.logLine({ group, stream: `stream-${next(20)}`, time, message: lineOf(index, time, next) });
    // Writing in batches waits for nobody; without a pause every line would wait in memory.
    if (index % 20_000 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}
