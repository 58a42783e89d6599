import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAccess } from './access.ts';
import { MovableClock } from './clock.ts';
import type { Cloud, Ports } from './cloud.ts';
import { Faults } from './faults.ts';
import { createMemoryState } from './memory-state.ts';
import { createPorts } from './ports.ts';
import type { Attributes, Resource } from './service.ts';
import type { MetricPoint, SegmentDocument, Telemetry, Usage } from './telemetry.ts';

/** What a service under test recorded, in order. */
export interface Recorded {
  metrics: MetricPoint[];
  logLines: { group: string; stream: string; time: number; message: string }[];
  segments: SegmentDocument[];
  usage: Usage[];
  /** Entries of the local cloud's own log. */
  log: { level: 'info' | 'warn' | 'error'; message: string; fields?: Record<string, unknown> }[];
}

export interface TestCloud extends Cloud {
  readonly recorded: Recorded;
  /** Removes the temporary data directory. */
  remove(): void;
}

/**
 * A `Cloud` for the tests of one service: state in memory, telemetry and log recorded, a temporary data directory,
 * and ports that throw until the test (or the service) sets them. Call `remove()` when done.
 */
export function createTestCloud(
  overrides: Partial<Omit<Cloud, 'ports'>> & { ports?: Partial<Ports> } = {},
): TestCloud {
  const recorded: Recorded = { metrics: [], logLines: [], segments: [], usage: [], log: [] };
  const telemetry: Telemetry = {
    metric: (point) => void recorded.metrics.push(point),
    logLine: (line) => void recorded.logLines.push(line),
    segment: (document) => void recorded.segments.push(document),
    usage: (use) => void recorded.usage.push(use),
    saved: async () => undefined,
  };
  const entry = (level: 'info' | 'warn' | 'error') => (message: string, fields?: Record<string, unknown>) =>
    void recorded.log.push(fields ? { level, message, fields } : { level, message });
  const { ports, ...given } = overrides;
  const temporary = given.dataDirectory ? undefined : mkdtempSync(join(tmpdir(), 'local-cloud-test-'));
  return {
    region: 'us-east-1',
    accountId: '000000000000',
    dataDirectory: temporary ?? '',
    endpointUrl: 'http://127.0.0.1:4566',
    consolePort: 3000,
    state: createMemoryState(),
    telemetry,
    clock: new MovableClock(),
    faults: new Faults(),
    logger: { info: entry('info'), warn: entry('warn'), error: entry('error') },
    ...given,
    ports: Object.assign(createPorts(), { access: openAccess, ...ports }),
    recorded,
    remove() {
      if (temporary) rmSync(temporary, { recursive: true, force: true });
    },
  };
}

/** A resource as the Terraform reader would hand it to a handler, in the stack `test`. */
export function testResource(type: string, name: string, desired: Attributes, folder = '.'): Resource {
  return { address: `test/${type}.${name}`, stack: 'test', type, desired, folder };
}
