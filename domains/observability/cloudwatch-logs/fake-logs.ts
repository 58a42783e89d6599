import type { LogsClient } from './client.ts';

/** A call as the fake saw it: the operation's name and its input. */
export interface Call {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

type Answer = (input: Readonly<Record<string, unknown>>) => object;

/** A client for tests that answers each operation as told; an answer that is an error is thrown. */
export function fakeLogs(answers: Readonly<Record<string, Answer>>): { client: LogsClient; calls: Call[] } {
  const calls: Call[] = [];
  const send = async (command: { constructor: { name: string }; input: Record<string, unknown> }) => {
    const operation = command.constructor.name.replace(/Command$/, '');
    calls.push({ operation, input: command.input });
    const answer = answers[operation]?.(command.input);
    if (!answer) throw new Error(`Nobody said what ${operation} answers.`);
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { client: { send } as unknown as LogsClient, calls };
}
