import type { XRayClient } from '@aws-sdk/client-xray';

/** An X-Ray that answers one prepared answer after the other and remembers what it was asked. */
export function fakeXray(...answers: (object | Error)[]) {
  const asked: Record<string, unknown>[] = [];
  const send = async ({ input }: { input: Record<string, unknown> }) => {
    asked.push(input);
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { asked, client: { send } as unknown as Pick<XRayClient, 'send'> };
}
