import { Amplify } from 'aws-amplify';
import { fetchAuthSession, signIn, signOut } from 'aws-amplify/auth';
import { ConsoleLogger } from 'aws-amplify/utils';
import type { Outputs } from '../start/outputs.ts';

/** Calls the API as the operator of the installation's tenant. Throws on any answer but a success. */
export type Api = (method: string, path: string, body?: unknown) => Promise<Record<string, unknown>>;

/** Signs in as the console does, by aws-amplify with SRP, once; the token outlasts the bench. */
export async function signedInApi(outputs: Outputs): Promise<Api> {
  const user = outputs.users.find(({ groups, tenant }) => groups.includes('operator') && tenant === 'skafu');
  if (!user) throw new Error('There is no operator among the demo users.');
  // Amplify warns of an endpoint that is not AWS's; here it never is.
  ConsoleLogger.LOG_LEVEL = 'ERROR';
  Amplify.configure({
    Auth: {
      Cognito: {
        userPoolId: outputs.userPoolId,
        userPoolClientId: outputs.userPoolClientId,
        userPoolEndpoint: outputs.awsEndpointUrl,
      },
    },
  });
  await signOut();
  await signIn({ username: user.email, password: user.password });
  const token = (await fetchAuthSession()).tokens?.idToken?.toString() ?? '';

  return async (method, path, body) => {
    const response = await fetch(`${outputs.apiUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return JSON.parse(text) as Record<string, unknown>;
  };
}
