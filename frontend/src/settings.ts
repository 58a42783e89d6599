/** What the deployment tells the console at run time, so that one build serves every environment. */
export interface Settings {
  environment: string;
  region: string;
  userPoolId: string;
  userPoolClientId: string;
  /** Where Cognito answers, when it is not AWS itself. */
  userPoolEndpoint?: string;
}

/** Reads `/config.json`. Throws an error whose message says what is wrong. */
export async function loadSettings(): Promise<Settings> {
  const response = await fetch('/config.json');
  if (!response.ok)
    throw new Error(`The console's settings could not be loaded (status ${response.status}).`);
  const settings = (await response.json()) as Record<string, unknown>;
  for (const field of ['environment', 'region', 'userPoolId', 'userPoolClientId']) {
    if (typeof settings[field] !== 'string') throw new Error(`The console's settings lack “${field}”.`);
  }
  return settings as unknown as Settings;
}
