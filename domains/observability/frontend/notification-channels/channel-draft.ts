import type { FieldProblem } from '#shared/frontend/problem.ts';
import type { Moment, Severity } from '../types.ts';
import type { ChannelDefinition, NotificationChannel } from './types.ts';

/** What stands in the form. */
export interface ChannelDraft {
  name: string;
  url: string;
  severities: readonly Severity[];
  moments: readonly Moment[];
  /** Minutes, as typed. */
  escalateAfter: string;
  consoleUrl: string;
}

export type DraftErrors = Partial<Record<keyof ChannelDraft, string>>;

const longestName = 100;
const longestUrl = 2048;
/** As the API has it: what it takes when nothing is said, and the most it takes. */
export const defaultEscalateAfter = 15;
const longestEscalateAfter = 1440;
const loopbackHosts = ['localhost', '127.0.0.1', '[::1]'];

/** A new channel is told of what is serious, and links back to the console it was made in. */
export function emptyDraft(consoleUrl: string): ChannelDraft {
  return {
    name: '',
    url: '',
    severities: ['critical', 'warning'],
    moments: ['raised', 'resolved'],
    escalateAfter: `${defaultEscalateAfter}`,
    consoleUrl,
  };
}

export function draftOf({
  name,
  url,
  severities,
  moments,
  escalateAfter = defaultEscalateAfter,
  consoleUrl = '',
}: NotificationChannel): ChannelDraft {
  return { name, url, severities, moments, escalateAfter: `${escalateAfter}`, consoleUrl };
}

/** What is wrong with the draft, field by field, each with what to do. Empty when it can be sent. */
export function checkDraft(draft: ChannelDraft): DraftErrors {
  const errors: DraftErrors = {};
  if (draft.name.trim() === '') errors.name = 'Enter a name.';
  else if (draft.name.trim().length > longestName)
    errors.name = `Shorten the name to ${longestName} characters.`;
  if (!isAddress(draft.url)) errors.url = 'Enter an https address, such as https://hooks.example.com/alerts.';
  if (draft.consoleUrl.trim() !== '' && !isAddress(draft.consoleUrl))
    errors.consoleUrl = 'Enter the https address of the console, or nothing.';
  if (draft.severities.length === 0) errors.severities = 'Choose at least one severity.';
  if (draft.moments.length === 0) errors.moments = 'Choose at least one moment.';
  if (isEscalated(draft) && !isMinutes(draft.escalateAfter))
    errors.escalateAfter = `Enter whole minutes from 1 to ${longestEscalateAfter}.`;
  return errors;
}

/** Whether the channel is told of alerts that nobody acknowledges. */
export const isEscalated = ({ moments }: Pick<ChannelDraft, 'moments'>) => moments.includes('escalated');

const isMinutes = (typed: string) =>
  /^\d{1,4}$/.test(typed.trim()) && Number(typed) >= 1 && Number(typed) <= longestEscalateAfter;

/** What is sent to the API. Only for drafts without errors. */
export function definitionOf({
  name,
  url,
  severities,
  moments,
  escalateAfter,
  consoleUrl,
}: ChannelDraft): ChannelDefinition {
  const link = consoleUrl.trim();
  return {
    ...{ name: name.trim(), kind: 'webhook', url: url.trim(), severities, moments },
    ...(moments.includes('escalated') ? { escalateAfter: Number(escalateAfter) } : {}),
    ...(link ? { consoleUrl: link } : {}),
  };
}

/** Puts what the API found wrong beside the fields it names. */
export function errorsOfApi(problems: readonly FieldProblem[]): DraftErrors {
  const fields = emptyDraft('');
  const errors: DraftErrors = {};
  for (const { pointer, detail } of problems) {
    const field = pointer.replace(/^#?\//, '').split('/')[0] ?? '';
    if (field in fields) errors[field as keyof ChannelDraft] = detail;
  }
  return errors;
}

/** The API decides whether plain HTTP to this machine is allowed, which depends on where it runs. */
function isAddress(typed: string): boolean {
  const url = URL.canParse(typed.trim()) ? new URL(typed.trim()) : undefined;
  if (!url || typed.trim().length > longestUrl) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && loopbackHosts.includes(url.hostname));
}
