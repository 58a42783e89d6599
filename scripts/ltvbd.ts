import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { checkTypes, lint } from './checks.ts';
import { type CommandResult, runCommand } from './command.ts';
import { type Outcome, runStages, type Stage } from './reporter.ts';
import { deployStacks } from './terraform/deploy.ts';
import { validateStacks } from './terraform/validate.ts';

const environments = ['local', 'dev', 'staging', 'prod'];
const stageNames = ['lint', 'test', 'validate', 'build', 'deploy'] as const;

const usage = `npm run ltvbd -- [stage…] [--env ${environments.join('|')}] [--verbose] [--yes]

Stages, in this order, all of them when none is named: ${stageNames.join(', ')}
  --env      what to build, validate and deploy for, by default local
  --verbose  show everything the tools say
  --yes      deploy to prod without asking, for CI
`;

interface Choices {
  environment: string;
  verbose: boolean;
  yes: boolean;
}

const outputFolder = 'cdktf.out';
const consoleFolder = 'frontend/dist';

function stagesOf({
  environment,
  verbose,
  yes,
}: Choices): Record<(typeof stageNames)[number], () => Promise<Outcome>> {
  const build = async () =>
    outcomeOf(
      await runCommand(process.execPath, ['--import', 'tsx', 'scripts/build.ts', '--env', environment], {
        stream: verbose,
      }),
    );
  return {
    lint: async () => outcomeOf(await lint(verbose)),
    test: async () => {
      const result = await runCommand(
        process.execPath,
        ['node_modules/vitest/vitest.mjs', 'run', '--coverage'],
        {
          stream: verbose,
        },
      );
      return outcomeOf(result, result.output.trimEnd().split('\n').at(-1));
    },
    validate: async () => {
      const typed = outcomeOf(await checkTypes(verbose));
      if (typed.status !== 'ok') return typed;
      const built = await build();
      return built.status === 'ok' ? validateStacks(outputFolder, { stream: verbose }) : built;
    },
    build,
    deploy: async () => {
      if (environment === 'local') {
        return {
          status: 'skipped',
          reason: 'nothing to deploy: npm start applies these stacks on this machine',
        };
      }
      if (environment === 'prod' && !yes && !(await confirmProduction())) {
        return { status: 'failed', output: 'Not confirmed, so nothing was deployed to prod (in CI: --yes).' };
      }
      const built = await build();
      return built.status === 'ok'
        ? deployStacks({ environment, outputFolder, consoleFolder, stream: verbose })
        : built;
    },
  };
}

function outcomeOf({ code, output }: CommandResult, note?: string): Outcome {
  if (code !== 0) return { status: 'failed', output };
  return note === undefined ? { status: 'ok' } : { status: 'ok', note };
}

async function confirmProduction(): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question('\nThis changes production. Type prod to go on: ');
  terminal.close();
  return answer.trim() === 'prod';
}

/** Refuses what it does not know with a sentence and the usage; a misspelt stage must not pass for a success. */
function readArguments(): { names: string[]; choices: Choices } {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      env: { type: 'string', default: 'local' },
      verbose: { type: 'boolean', default: false },
      yes: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    process.exit(0);
  }
  const unknown = positionals.find((name) => !stageNames.some((known) => known === name));
  if (unknown !== undefined) throw new Error(`There is no stage ${unknown}.`);
  if (!environments.includes(values.env)) throw new Error(`There is no environment ${values.env}.`);
  return {
    names: positionals,
    choices: { environment: values.env, verbose: values.verbose, yes: values.yes },
  };
}

function readArgumentsOrExit(): { names: string[]; choices: Choices } {
  try {
    return readArguments();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${usage}`);
    process.exit(2);
  }
}

const { names, choices } = readArgumentsOrExit();
const runs = stagesOf(choices);
const stages = stageNames
  .filter((name) => names.length === 0 || names.includes(name))
  .map((name): Stage => ({ name, run: runs[name] }));

const succeeded = await runStages(stages, {
  write: (text) => process.stdout.write(text),
  interactive: process.stdout.isTTY === true,
  annotate: process.env['GITHUB_ACTIONS'] !== undefined,
  verbose: choices.verbose,
  now: Date.now,
});
process.exitCode = succeeded ? 0 : 1;
