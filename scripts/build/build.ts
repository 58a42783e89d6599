import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '#stacks/settings.ts';
import { runCommand } from '../command.ts';
import { fingerprint, isCurrent, remember } from './fingerprint.ts';

/** Told once each step ends: what was done, or that nothing had changed. */
export type OnStep = (step: { name: string; milliseconds: number; unchanged: boolean }) => void;

interface Step {
  readonly name: string;
  /** What the step reads: when none of it has changed, the step is left out. */
  readonly inputs: string;
  readonly made: string;
  run(): Promise<void>;
}

const isTest = (path: string) => /\.test\.tsx?$/.test(path);
const isFrontend = (path: string) => path.includes('frontend/');

/**
 * Makes all that a start or a deployment needs: the functions' bundles, the console, and the Terraform of every stack
 * in `cdktf.out`. Steps whose inputs have not changed since the last build are left out.
 */
export async function buildAll(root: string, environment: Environment, onStep: OnStep): Promise<void> {
  const functions = join(root, '.build/functions');
  const backEnd = fingerprint(
    root,
    ['domains', 'shared', 'scripts/build', 'package-lock.json'],
    (path) => !isTest(path) && !isFrontend(path),
  );
  const build = (step: Step) => runStep(root, step, onStep);
  await Promise.all([
    build({
      name: 'console',
      inputs: fingerprint(
        root,
        ['frontend', 'shared', 'domains', 'vite.config.ts', 'package-lock.json'],
        (path) =>
          !isTest(path) && (isFrontend(path) || path.includes('vite.config') || path.includes('lock')),
      ),
      made: join(root, 'frontend/dist/index.html'),
      run: () => buildConsole(root),
    }),
    build({
      name: 'functions',
      inputs: backEnd,
      made: functions,
      run: async () => {
        // Loaded only when there is something to bundle: an unchanged checkout starts sooner.
        const { bundleFunctions } = await import('./bundle.ts');
        await bundleFunctions(root, join(root, '.build/entries'), functions);
      },
    }),
  ]);
  await build({
    name: 'stacks',
    inputs: fingerprint(root, ['stacks'], (path) => !isTest(path), `${environment} ${backEnd}`),
    made: join(root, 'cdktf.out/stacks'),
    run: async () => {
      const { synthesize } = await import('#stacks/main.ts');
      await synthesize({ environment, outdir: join(root, 'cdktf.out'), functionsDirectory: functions });
    },
  });
}

async function runStep(root: string, step: Step, onStep: OnStep): Promise<void> {
  const started = performance.now();
  const stamp = join(root, '.cache', `${step.name}.stamp`);
  const unchanged = isCurrent(stamp, step.inputs, step.made);
  if (!unchanged) {
    await step.run();
    remember(stamp, step.inputs);
  }
  onStep({ name: step.name, milliseconds: performance.now() - started, unchanged });
}

/** Built beside and moved into place, so that whoever reads the folder meanwhile finds a whole console. */
async function buildConsole(root: string): Promise<void> {
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const made = join(root, '.build', `console-${process.pid}`);
  const { code, output } = await runCommand(
    process.execPath,
    [vite, 'build', '--logLevel', 'warn', '--outDir', made, '--emptyOutDir'],
    // A test that builds has another; React would then be its development build, larger and slower.
    { cwd: root, environment: { NODE_ENV: 'production' } },
  );
  if (code !== 0) throw new Error(`The console could not be built:\n${output.trimEnd()}`);
  const place = join(root, 'frontend/dist');
  rmSync(place, { recursive: true, force: true });
  renameSync(made, place);
}
