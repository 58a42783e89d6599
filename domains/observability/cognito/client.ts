import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { tracing } from '#shared/runtime/tracing.ts';

let client: Promise<CognitoIdentityProviderClient> | undefined;

/** The function's one Cognito client, traced. */
export function cognito(): Promise<CognitoIdentityProviderClient> {
  client ??= tracing().then((trace) => trace.client(new CognitoIdentityProviderClient({})));
  return client;
}
