import { type Block, timeText, type View, viewAddress } from '../../../core/view.ts';
import type { Mailbox, Message } from './mailbox.ts';

const mostShown = 100;
const longestExcerpt = 160;

/** The mailbox of every address: what user pools would have sent, codes included, for that is what it is for. */
export function mailboxView(mailbox: Mailbox): View {
  return {
    id: 'mailbox',
    title: 'Mailbox',
    about: 'E-mails and text messages of user pools, with their codes. Nothing leaves this machine.',
    show(query) {
      const id = query.get('message');
      const opened = id === null ? undefined : mailbox.list().find((message) => message.id === id);
      if (opened) return one(opened);
      const to = query.get('to') ?? '';
      const found = mailbox.list().filter((message) => message.to.includes(to));
      return [
        { kind: 'choice', inputs: [{ name: 'to', label: 'Sent to', value: to }] },
        {
          kind: 'table',
          title: `Messages (${Math.min(found.length, mostShown)} of ${found.length}, newest first)`,
          columns: ['When', 'To', 'Subject', 'Text'],
          rows: found
            .slice(0, mostShown)
            .map((message) => [
              { text: timeText(message.time), to: viewAddress('mailbox', { message: message.id }) },
              message.to,
              message.medium === 'SMS' ? 'Text message' : message.subject,
              excerptOf(message.text),
            ]),
          empty: 'Nothing was sent.',
        },
      ];
    },
  };
}

function one(message: Message): Block[] {
  return [
    {
      kind: 'fields',
      title: message.medium === 'SMS' ? 'Text message' : message.subject,
      fields: [
        ['To', { text: message.to, to: viewAddress('mailbox', { to: message.to }) }],
        ['From', message.from],
        ['When', timeText(message.time)],
        ['Why', message.reason],
        ['User pool', message.poolId],
        ['Username', message.username],
      ],
    },
    { kind: 'text', title: 'Text', text: message.text },
  ];
}

/** Bodies may be HTML: its words are what tells one message from another. */
function excerptOf(text: string): string {
  const words = text
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return words.length > longestExcerpt ? `${words.slice(0, longestExcerpt)}…` : words;
}
