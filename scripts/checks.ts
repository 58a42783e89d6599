import { type CommandResult, runCommand } from './command.ts';

/** Lint and format of the whole tree; a warning fails as an error does. */
export function lint(stream = false): Promise<CommandResult> {
  return runCommand(
    process.execPath,
    ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', ...annotated()],
    {
      stream,
    },
  );
}

/** Types of the whole tree, under every strict flag of tsconfig.json. */
export function checkTypes(stream = false): Promise<CommandResult> {
  return runCommand(process.execPath, ['node_modules/typescript/bin/tsc', '--noEmit'], { stream });
}

/** Biome writes GitHub's annotations itself. */
function annotated(): string[] {
  return process.env['GITHUB_ACTIONS'] === undefined ? [] : ['--reporter=github'];
}
