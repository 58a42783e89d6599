import { Amplify } from 'aws-amplify';
import { fetchAuthSession, signIn, signOut } from 'aws-amplify/auth';
import type { Outputs } from '#scripts/start/outputs.ts';

/** The fields of all answers together: tests look into answers of every shape. */
export interface Body {
  readonly stream?: string;
  readonly version?: number;
  readonly items?: readonly Record<string, unknown>[];
  readonly nextCursor?: string;
  readonly type?: string;
  readonly status?: unknown;
  readonly errors?: readonly { pointer: string; detail: string }[];
  readonly [field: string]: unknown;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

export interface Tokens {
  readonly id: string;
  readonly access: string;
}

/** Signs a demo user in as the console does: by aws-amplify with SRP. */
export async function signInAs(outputs: Outputs, group: string, tenant = 'skafu'): Promise<Tokens> {
  const user = outputs.users.find(
    (candidate) => candidate.groups.includes(group) && candidate.tenant === tenant,
  );
  if (!user) throw new Error(`There is no demo user in ${group} of ${tenant}.`);
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
  const { isSignedIn } = await signIn({ username: user.email, password: user.password });
  if (!isSignedIn) throw new Error(`${user.email} met a challenge.`);
  const { tokens } = await fetchAuthSession();
  return { id: tokens?.idToken?.toString() ?? '', access: tokens?.accessToken.toString() ?? '' };
}

/** Calls the API; `body` is sent as JSON, or as it is when it is a text. */
export async function call(
  outputs: Outputs,
  method: string,
  path: string,
  {
    token,
    body,
    headers = {},
  }: { token?: string | undefined; body?: unknown; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const response = await fetch(`${outputs.apiUrl}${path}`, {
    method,
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text.startsWith('{') ? (JSON.parse(text) as Body) : {},
  };
}
