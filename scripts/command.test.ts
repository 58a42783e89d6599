import { expect, test } from 'vitest';
import { runAttached, runCommand } from './command.ts';

test('a command answers its exit code and output, standard output also alone', async () => {
  const script = "console.log('out'); console.error('err'); process.exitCode = 3";
  const { code, stdout, output } = await runCommand(process.execPath, ['-e', script]);
  expect({ code, stdout }).toEqual({ code: 3, stdout: 'out\n' });
  expect(output.split('\n').sort()).toEqual(['', 'err', 'out']);
});

test('a command is given what is added to the environment', async () => {
  const { stdout } = await runCommand(process.execPath, ['-p', 'process.env.COLOUR'], {
    environment: { COLOUR: 'red' },
  });
  expect(stdout).toBe('red\n');
});

test('a program that is missing answers 127 with the reason', async () => {
  const { code, output } = await runCommand('skafu-no-such-program', []);
  expect(code).toBe(127);
  expect(output).toContain('ENOENT');
});

test('a command that a signal ended answers as a shell would', async () => {
  const { code } = await runCommand(process.execPath, [
    '-e',
    "process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1000)",
  ]);
  expect(code).toBe(143);
});

test('an attached program answers its exit code and what it sent', async () => {
  const result = await runAttached([
    '-e',
    "process.send('done'); process.exitCode = 4; process.disconnect()",
  ]);
  expect(result).toEqual({ code: 4, messages: ['done'] });
});
