import type { Cognito } from '../context.ts';
import type { PoolClient, User, UserPool } from '../model.ts';
import { filled } from './templates.ts';

/** Why a message is sent, as `CustomMessage_…` names it. */
export type MessageReason =
  | 'SignUp'
  | 'ResendCode'
  | 'AdminCreateUser'
  | 'ForgotPassword'
  | 'UpdateUserAttribute'
  | 'VerifyUserAttribute';

export type Contact = 'email' | 'phone_number';

export interface CodeDelivery {
  AttributeName: Contact;
  DeliveryMedium: 'EMAIL' | 'SMS';
  /** Masked, so that nobody learns an address by a name. */
  Destination: string;
}

/** One message to one address of a user. */
export interface Letter {
  reason: MessageReason;
  pool: UserPool;
  client?: PoolClient | undefined;
  user: Pick<User, 'username' | 'sub' | 'attributes' | 'status'>;
  contact: Contact;
  /** Where the address is not (yet) the user's own. */
  to?: string;
  /** A code, or the temporary password of an invitation. */
  code: string;
  metadata?: Record<string, string> | undefined;
}

/** Writes a message in the words of the pool or of its CustomMessage trigger, and puts it into the mailbox. */
export async function deliver(cognito: Cognito, letter: Letter): Promise<CodeDelivery> {
  const { reason, pool, client, user, contact, code } = letter;
  const to = letter.to ?? user.attributes[contact] ?? '';
  const invites = reason === 'AdminCreateUser';
  const reply = await cognito.callTrigger({
    trigger: 'CustomMessage',
    source: `CustomMessage_${reason}`,
    pool,
    ...(client && { client }),
    user,
    request: {
      codeParameter: '{####}',
      usernameParameter: invites ? '{username}' : null,
      linkParameter: '{##Click Here##}',
      clientMetadata: letter.metadata ?? {},
    },
    response: { smsMessage: null, emailMessage: null, emailSubject: null },
  });
  const texts = textsOf(pool, reason);
  const medium = contact === 'email' ? 'EMAIL' : 'SMS';
  const body =
    medium === 'EMAIL'
      ? (textOf(reply?.['emailMessage']) ?? texts.emailMessage)
      : (textOf(reply?.['smsMessage']) ?? texts.smsMessage);
  // The name that people sign in with, which is not the random one.
  const shownName =
    pool.usernameAttributes.map((name) => user.attributes[name]).find((name) => name) ?? user.username;
  await cognito.mailbox.put({
    medium,
    from: medium === 'EMAIL' ? pool.messages.from : 'Cognito',
    to,
    subject: medium === 'EMAIL' ? (textOf(reply?.['emailSubject']) ?? texts.emailSubject) : '',
    text: filled(body, code, shownName),
    poolId: pool.id,
    username: user.username,
    reason,
  });
  return deliveryTo(contact, to);
}

/** As AWS tells where a code went: `a***@e***`, `+*******1234`. */
export function deliveryTo(contact: Contact, to: string): CodeDelivery {
  if (contact === 'phone_number') {
    const Destination = `+${'*'.repeat(Math.max(0, to.length - 5))}${to.slice(-4)}`;
    return { AttributeName: contact, DeliveryMedium: 'SMS', Destination };
  }
  const [local = '', domain = ''] = to.split('@');
  const Destination = `${local.charAt(0)}***@${domain.charAt(0)}***`;
  return { AttributeName: contact, DeliveryMedium: 'EMAIL', Destination };
}

function textsOf({ messages }: UserPool, reason: MessageReason) {
  if (reason === 'AdminCreateUser') return messages.invitation;
  return reason === 'ForgotPassword' ? messages.passwordReset : messages.verification;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
