import { describe, expect, test } from 'vitest';
import { type Outcome, type ReporterOptions, runStages, type Stage, tail } from './reporter.ts';

function stage(name: string, outcome: Outcome | Error): Stage {
  return { name, run: () => (outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve(outcome)) };
}

async function report(stages: Stage[], options: Partial<ReporterOptions> = {}) {
  let text = '';
  let clock = 0;
  const succeeded = await runStages(stages, {
    write: (part) => {
      text += part;
    },
    interactive: false,
    annotate: false,
    verbose: false,
    now: () => {
      clock += 750;
      return clock;
    },
    ...options,
  });
  return { succeeded, text };
}

describe('the report of the stages', () => {
  test('is one line a stage with outcome, time and what there is to say', async () => {
    const { succeeded, text } = await report([
      stage('lint', { status: 'ok' }),
      stage('validate', { status: 'skipped', reason: 'no provider' }),
      stage('build', { status: 'ok', note: '4 stacks' }),
    ]);
    expect(succeeded).toBe(true);
    expect(text).toBe(
      [
        'lint      ok          0.8 s',
        'validate  skipped     0.8 s  no provider',
        'build     ok          0.8 s  4 stacks',
        '',
      ].join('\n'),
    );
  });

  test('ends at the first stage that fails, with the tail of its output', async () => {
    const output = Array.from({ length: 100 }, (_, line) => `line ${line}`).join('\n');
    const { succeeded, text } = await report([
      stage('lint', { status: 'failed', output }),
      stage('test', { status: 'ok' }),
    ]);
    expect(succeeded).toBe(false);
    expect(text).toContain('line 99');
    expect(text).not.toContain('line 59\n');
    expect(text).not.toContain('test');
  });

  test('calls a stage that throws failed', async () => {
    const { succeeded, text } = await report([stage('deploy', new Error('no bucket'))]);
    expect(succeeded).toBe(false);
    expect(text).toBe('deploy  failed      0.8 s\nno bucket\n');
  });

  test('annotates a failure on GitHub in one line', async () => {
    const { text } = await report([stage('lint', { status: 'failed', output: '100%\nwrong' })], {
      annotate: true,
    });
    expect(text).toContain('::error title=lint failed::100%25%0Awrong\n');
  });

  test('rewrites its line on a terminal', async () => {
    const { text } = await report([stage('lint', { status: 'ok' })], { interactive: true });
    expect(text).toBe('lint  …\r\u001b[Klint  ok          0.8 s\n');
  });

  test('does not repeat the output that verbose has shown', async () => {
    const { text } = await report([stage('lint', { status: 'failed', output: 'wrong' })], {
      verbose: true,
      interactive: true,
    });
    expect(text).toBe('lint  started\nlint  failed      0.8 s\n');
  });
});

test('a tail keeps the last lines', () => {
  expect(tail('a\nb\nc\n', 2)).toBe('b\nc');
});
