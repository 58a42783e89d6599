import { join } from 'node:path';
import { readOptions, usage } from './start/options.ts';
import { startPlatform } from './start/start.ts';

// Node 20 has to work until the move to 22; whoever starts the platform need not hear of it in the SDK's words.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

const say = (line: string) => process.stdout.write(`${line}\n`);
const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
const root = join(import.meta.dirname, '..');

function optionsOrExit() {
  try {
    return readOptions(process.argv.slice(2), root);
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n\n${usage}`);
    process.exit(2);
  }
}

/** npm passes on the Ctrl-C that the terminal has already given us; only a later one is from somebody in a hurry. */
const sameKeyPress = 2000;

function onStopSignal(stop: () => Promise<void>): void {
  let stoppingSince: number | undefined;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stoppingSince !== undefined) {
        if (performance.now() - stoppingSince > sameKeyPress) process.exit(130);
        return;
      }
      stoppingSince = performance.now();
      say('stopping …');
      stop().then(
        () => process.exit(0),
        (error: unknown) => {
          process.stderr.write(`${messageOf(error)}\n`);
          process.exit(1);
        },
      );
    });
  }
}

const started = performance.now();
const starting = startPlatform(root, optionsOrExit(), (stage, milliseconds, unchanged) =>
  say(
    `${stage.padEnd(24)} ${(milliseconds / 1000).toFixed(1).padStart(6)} s${unchanged ? '  unchanged' : ''}`,
  ),
);
// While it starts, too: what has been started by then must be stopped, not left behind.
onStopSignal(async () => (await starting).stop());
try {
  const platform = await starting;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  say(`ready in ${seconds} s: ${platform.outputs.consoleUrl}`);
  for (const { email, password, groups, tenant } of platform.outputs.users) {
    say(`  ${email.padEnd(28)} ${password}  (${groups.join(', ')}; tenant ${tenant})`);
  }
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(1);
}
