import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DemoUser } from './demo-users.ts';

/** What other tools read once the platform is ready, and only while it is. */
export interface Outputs {
  readonly consoleUrl: string;
  /** Ends in `/api/v1`. */
  readonly apiUrl: string;
  readonly awsEndpointUrl: string;
  readonly region: string;
  readonly userPoolId: string;
  readonly userPoolClientId: string;
  /** Table names by role. */
  readonly tables: Readonly<Record<string, string>>;
  /** Bus names by role. */
  readonly buses: Readonly<Record<string, string>>;
  readonly users: readonly DemoUser[];
}

const fileIn = (dataDirectory: string) => join(dataDirectory, 'outputs.json');

/** Writes `outputs.json` whole or not at all, readable by its owner only, for it holds passwords. */
export function writeOutputs(dataDirectory: string, outputs: Outputs): void {
  const draft = `${fileIn(dataDirectory)}.draft`;
  writeFileSync(draft, `${JSON.stringify(outputs, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, fileIn(dataDirectory));
}

export function removeOutputs(dataDirectory: string): void {
  const file = fileIn(dataDirectory);
  if (existsSync(file)) rmSync(file);
}
