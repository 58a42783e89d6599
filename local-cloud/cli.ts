#!/usr/bin/env -S node --import tsx
import { commands } from './cli/commands.ts';
import { readOptions, UsageError, usage } from './cli/options.ts';

const say = (line: string) => void process.stdout.write(`${line}\n`);

try {
  const options = readOptions(process.argv.slice(2));
  const command = Object.hasOwn(commands, options.command) ? commands[options.command] : undefined;
  if (!command) throw new UsageError(options.command === '' ? '' : `There is no command ${options.command}.`);
  process.exitCode = await command(options, say);
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(error instanceof UsageError ? `${message}\n\n${usage}` : `${message}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
