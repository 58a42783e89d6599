import type { Operation } from '../../../core/service.ts';
import { callerOf } from '../caller.ts';
import type { Cognito } from '../context.ts';
import { invalidParameter, notAuthorized } from '../errors.ts';
import { type Input, oneOf, optionalText, requiredText } from '../input.ts';
import type { User, UserPool } from '../model.ts';
import { unsupported } from '../settings.ts';
import type { MfaSetup } from './challenges.ts';
import { associate, prove } from './software-token.ts';

/** Enrolling an authenticator app, and choosing whether it is asked for. */
export function mfaOperations(cognito: Cognito): Record<string, Operation> {
  const { registry, directory, challengeSessions } = cognito;

  /** Who enrols: signed in already, or in the middle of signing in. */
  const enrolling = (input: Input) => {
    const sealed = optionalText(input, 'Session');
    if (sealed === undefined) return { ...callerOf(cognito, input), session: undefined };
    const peeked = cognito.sealing.open<MfaSetup>(sealed, Number.POSITIVE_INFINITY);
    if (!peeked?.clientId) throw notAuthorized('Invalid session for the user, session is expired.');
    const client = registry.client(peeked.clientId);
    const session = challengeSessions.open<MfaSetup>(client, 'MFA_SETUP', sealed);
    const pool = registry.poolOfClient(client);
    return { pool, client, user: directory.get(pool, session.username), session };
  };

  const prefer = async (pool: UserPool, user: User, input: Input) => {
    for (const name of ['SMSMfaSettings', 'EmailMfaSettings', 'WebAuthnMfaSettings']) {
      const settings = input[name] as Input | undefined;
      if (settings?.['Enabled'] === true) throw unsupported(name);
    }
    const settings = input['SoftwareTokenMfaSettings'] as Input | undefined;
    if (!settings) return {};
    const enabled = settings['Enabled'] === true;
    const preferred = settings['PreferredMfa'] === true;
    if (preferred && !enabled) throw invalidParameter('SOFTWARE_TOKEN_MFA must be enabled to be preferred.');
    await directory.change(pool, user.username, (newest) => {
      const token = newest.softwareToken;
      if (enabled && !token?.secret) throw invalidParameter('User has not verified software token mfa');
      return { ...newest, ...(token && { softwareToken: { ...token, enabled, preferred } }) };
    });
    return {};
  };

  return {
    async AssociateSoftwareToken(input) {
      const { pool, user, session } = enrolling(input);
      const SecretCode = await associate(cognito, pool, user.username);
      if (!session) return { SecretCode };
      const { id: _, ...content } = session;
      challengeSessions.close(registry.client(session.clientId), session);
      return { SecretCode, Session: challengeSessions.begin<MfaSetup>({ ...content, proved: false }) };
    },

    async VerifySoftwareToken(input) {
      const { pool, user, client, session } = enrolling(input);
      await prove(cognito, pool, user.username, requiredText(input, 'UserCode'));
      if (!session) return { Status: 'SUCCESS' };
      const { id: _, ...content } = session;
      challengeSessions.close(client, session);
      const proved = challengeSessions.begin<MfaSetup>({ ...content, proved: true });
      return { Status: 'SUCCESS', Session: proved };
    },

    async SetUserMFAPreference(input) {
      const { pool, user } = callerOf(cognito, input);
      return prefer(pool, user, input);
    },

    async AdminSetUserMFAPreference(input) {
      const pool = registry.pool(requiredText(input, 'UserPoolId'));
      return prefer(pool, directory.get(pool, requiredText(input, 'Username')), input);
    },

    async GetUserPoolMfaConfig(input) {
      return describeMfa(registry.pool(requiredText(input, 'UserPoolId')));
    },

    async SetUserPoolMfaConfig(input) {
      const pool = registry.pool(requiredText(input, 'UserPoolId'));
      for (const name of ['SmsMfaConfiguration', 'EmailMfaConfiguration', 'WebAuthnConfiguration']) {
        if (input[name]) throw unsupported(name);
      }
      const asked = optionalText(input, 'MfaConfiguration');
      const mfa = oneOf('MfaConfiguration', ['OFF', 'OPTIONAL', 'ON'], asked) ?? pool.mfa;
      const given = input['SoftwareTokenMfaConfiguration'] as Input | undefined;
      const softwareTokenMfa = given ? given['Enabled'] === true : pool.softwareTokenMfa;
      if (mfa !== 'OFF' && !softwareTokenMfa) {
        throw invalidParameter(
          "Invalid MFA configuration given, can't turn on MFA without any MFA types enabled.",
        );
      }
      const changed = { ...pool, mfa, softwareTokenMfa };
      await cognito.made.changePool(pool.id, {
        mfa_configuration: mfa,
        software_token_mfa_configuration: { enabled: softwareTokenMfa },
      });
      registry.pools.set(pool.id, changed);
      return describeMfa(changed);
    },
  };
}

function describeMfa({ mfa, softwareTokenMfa }: UserPool) {
  return {
    ...(softwareTokenMfa && { SoftwareTokenMfaConfiguration: { Enabled: true } }),
    MfaConfiguration: mfa,
  };
}
