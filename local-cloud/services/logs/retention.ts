import type { Logger } from '../../core/logger.ts';
import type { TelemetryStore } from '../../telemetry/index.ts';
import type { LogGroups } from './groups.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export interface Retention {
  /** Removes now what a group's retention no longer keeps. */
  enforce(group: string): Promise<void>;
  /** Does so for every group, and again every hour. */
  start(): Promise<void>;
  stop(): void;
}

/** Lets lines go when their group's retention has passed. */
export function createRetention(store: TelemetryStore, groups: LogGroups, logger: Logger): Retention {
  let timer: NodeJS.Timeout | undefined;

  async function enforce(name: string): Promise<void> {
    const days = groups.get(name)?.retentionInDays;
    if (days !== undefined) await store.removeLogs(name, { before: Date.now() - days * DAY });
  }

  async function enforceAll(): Promise<void> {
    for (const { name } of groups.all()) await enforce(name);
  }

  return {
    enforce,
    async start() {
      await enforceAll();
      timer = setInterval(() => {
        enforceAll().catch((error: unknown) => {
          logger.error('Log lines past their retention could not be removed.', { reason: String(error) });
        });
      }, HOUR);
      timer.unref();
    },
    stop: () => clearInterval(timer),
  };
}
