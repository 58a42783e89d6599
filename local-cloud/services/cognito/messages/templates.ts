import { block } from '../../../core/blocks.ts';
import type { Attributes } from '../../../core/service.ts';
import type { MessageTexts, PoolMessages } from '../model.ts';
import { unsupported } from '../settings.ts';

const codePlaceholder = '{####}';

/** What a user pool writes, from its templates; AWS's own words where it has none. */
export function readMessages(desired: Attributes): PoolMessages {
  const template = block(desired['verification_message_template']);
  if (template?.['default_email_option'] === 'CONFIRM_WITH_LINK') {
    throw unsupported('verification_message_template.default_email_option "CONFIRM_WITH_LINK"');
  }
  const subject = text(template?.['email_subject']) ?? text(desired['email_verification_subject']);
  const email = text(template?.['email_message']) ?? text(desired['email_verification_message']);
  const sms = text(template?.['sms_message']) ?? text(desired['sms_verification_message']);
  const codeTexts = (what: string): MessageTexts => ({
    emailSubject: subject ?? 'Your verification code',
    emailMessage: email ?? `Your ${what} code is ${codePlaceholder}`,
    smsMessage: sms ?? `Your ${what} code is ${codePlaceholder}`,
  });
  const invitation = block(block(desired['admin_create_user_config'])?.['invite_message_template']);
  const invitationText = `Your username is {username} and temporary password is ${codePlaceholder}.`;
  return {
    from:
      text(block(desired['email_configuration'])?.['from_email_address']) ?? 'no-reply@verificationemail.com',
    verification: codeTexts('confirmation'),
    passwordReset: codeTexts('password reset'),
    invitation: {
      emailSubject: text(invitation?.['email_subject']) ?? 'Your temporary password',
      emailMessage: text(invitation?.['email_message']) ?? invitationText,
      smsMessage: text(invitation?.['sms_message']) ?? invitationText,
    },
  };
}

/** A template with its placeholders replaced. */
export function filled(template: string, code: string, username: string): string {
  return template.replaceAll(codePlaceholder, () => code).replaceAll('{username}', () => username);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
