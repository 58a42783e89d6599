import { randomUUID } from 'node:crypto';
import type { StateNamespace } from '../../../core/state.ts';

/** An e-mail or a text message that AWS would have sent. */
export interface Message {
  id: string;
  /** Epoch milliseconds. */
  time: number;
  medium: 'EMAIL' | 'SMS';
  from: string;
  to: string;
  subject: string;
  text: string;
  poolId: string;
  username: string;
  /** Why it was sent, as the custom message trigger is told: `SignUp`, `ForgotPassword`, … */
  reason: string;
}

const mostMessages = 1000;

/**
 * Everything user pools sent, in place of the post: it is on disk before the request that sent it is answered. The
 * oldest messages go when there are too many.
 */
export class Mailbox {
  private readonly state: StateNamespace;
  private readonly capacity: number;
  private readonly messages: { key: string; message: Message }[] = [];
  private lastTime = 0;

  constructor(state: StateNamespace, capacity = mostMessages) {
    this.state = state;
    this.capacity = capacity;
  }

  async load(): Promise<void> {
    for (const { key, value } of await this.state.list<Message>('message/')) {
      this.messages.push({ key, message: value });
      this.lastTime = Math.max(this.lastTime, value.time);
    }
  }

  async put(given: Omit<Message, 'id' | 'time'>): Promise<void> {
    // Never twice the same time, so that the order of keys is the order of sending.
    this.lastTime = Math.max(Date.now(), this.lastTime + 1);
    const message: Message = { ...given, id: randomUUID(), time: this.lastTime };
    const key = `message/${String(message.time).padStart(15, '0')}`;
    this.messages.push({ key, message });
    const dropped = this.messages.splice(0, Math.max(0, this.messages.length - this.capacity));
    await this.state.batch([
      { put: key, value: message },
      ...dropped.map(({ key: old }) => ({ delete: old })),
    ]);
  }

  /** Newest first. */
  list(): Message[] {
    return this.messages.map(({ message }) => message).reverse();
  }
}
