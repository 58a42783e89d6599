import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const MINIMUM_VERSION = 17;

/** Throws one sentence that says what to install when there is no Java, or too old a one. */
export async function checkJava(): Promise<void> {
  const advice = `DynamoDB needs Java ${MINIMUM_VERSION} or later: install it (for example "apt install openjdk-17-jre-headless" or "brew install openjdk@17") so that "java" is on the PATH.`;
  let written: string;
  try {
    const { stdout, stderr } = await promisify(execFile)('java', ['-version'], { timeout: 20_000 });
    written = stderr + stdout;
  } catch {
    throw new Error(`No Java was found. ${advice}`);
  }
  const version = versionOf(written);
  if (version < MINIMUM_VERSION) throw new Error(`The Java found is version ${version}. ${advice}`);
}

/** The major version in what `java -version` prints; old ones call themselves 1.8 for 8. 0 when there is none. */
export function versionOf(written: string): number {
  const [, first, second] = /version "(\d+)(?:\.(\d+))?/.exec(written) ?? [];
  return Number((first === '1' ? second : first) ?? 0);
}
