import { describe, expect, it } from 'vitest';
import { createMemoryState } from '../../../core/memory-state.ts';
import { Mailbox, type Message } from './mailbox.ts';

const message = (to: string): Omit<Message, 'id' | 'time'> => ({
  medium: 'EMAIL',
  from: 'no-reply@example.com',
  to,
  subject: 'Hello',
  text: 'Your code is 123456',
  poolId: 'us-east-1_Example01',
  username: 'ada',
  reason: 'SignUp',
});

describe('the mailbox', () => {
  it('keeps the newest messages, in the order of sending, also when it is opened again', async () => {
    const state = createMemoryState().namespace('cognito');
    const mailbox = new Mailbox(state, 3);
    for (const to of ['a', 'b', 'c', 'd', 'e']) await mailbox.put(message(to));
    const reopened = new Mailbox(state, 3);
    await reopened.load();
    await reopened.put(message('f'));
    expect(mailbox.list().map(({ to }) => to)).toEqual(['e', 'd', 'c']);
    expect(reopened.list().map(({ to }) => to)).toEqual(['f', 'e', 'd']);
    expect(await state.list('message/')).toHaveLength(3);
  });
});
