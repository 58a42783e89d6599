/** What a client of AWS was asked, as the SDK's commands hold it. */
export type Asked = Record<string, unknown>;

/**
 * A client of AWS that gives these answers, one after the other, and remembers what it was asked. An error among the
 * answers is thrown; a call beyond them fails.
 */
export function answeringClient<Client>(...answers: readonly object[]): { client: Client; asked: Asked[] } {
  const asked: Asked[] = [];
  const waiting = [...answers, new Error('Nobody expected another call.')];
  const send = async ({ input }: { input: Asked }) => {
    asked.push(input);
    const answer = waiting.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { client: { send } as Client, asked };
}
