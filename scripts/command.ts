import { spawn } from 'node:child_process';
import { constants } from 'node:os';

export interface CommandResult {
  /** The child's exit code; 128 + signal number when a signal ended it; 127 when it could not be started. */
  code: number;
  /** Standard output alone, for callers that parse it. */
  stdout: string;
  /** Standard output and error, in the order in which they arrived. */
  output: string;
}

export interface CommandOptions {
  cwd?: string;
  /** Added to this process's own environment. */
  environment?: Record<string, string>;
  /** Also show the output while it arrives. */
  stream?: boolean;
}

/** Runs a program to its end. Never throws: a program that is missing answers code 127. */
export function runCommand(
  program: string,
  parameters: string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(program, parameters, {
      cwd: options.cwd,
      env: { ...process.env, ...options.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const collected: Buffer[] = [];
    const collectedFromStdout: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => {
      collected.push(chunk);
      collectedFromStdout.push(chunk);
      if (options.stream) process.stdout.write(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      collected.push(chunk);
      if (options.stream) process.stderr.write(chunk);
    });
    child.on('error', (error) => resolve({ code: 127, stdout: '', output: error.message }));
    child.on('close', (code, signal) =>
      resolve({
        code: code ?? codeOf(signal),
        stdout: Buffer.concat(collectedFromStdout).toString(),
        output: Buffer.concat(collected).toString(),
      }),
    );
  });
}

/**
 * Runs a Node program whose output goes straight to the terminal. Answers its exit code, and what it sent by
 * `process.send`.
 */
export function runAttached(
  parameters: string[],
  environment: Record<string, string> = {},
): Promise<{ code: number; messages: unknown[] }> {
  return new Promise((resolve) => {
    const messages: unknown[] = [];
    const child = spawn(process.execPath, parameters, {
      env: { ...process.env, ...environment },
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    });
    child.on('message', (message) => messages.push(message));
    child.on('close', (code, signal) => resolve({ code: code ?? codeOf(signal), messages }));
  });
}

/** As a shell answers for a program that a signal ended. */
function codeOf(signal: NodeJS.Signals | null): number {
  return 128 + (signal === null ? 0 : constants.signals[signal]);
}
