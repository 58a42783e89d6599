import { optionalSetting, setting } from './settings.ts';

/**
 * Stands in for the SDK's credential chain in our bundles: Lambda gives credentials in the environment and nowhere
 * else, and the chain's other sources cost 10 to 20 ms of every cold start.
 */
export function defaultProvider() {
  return async () => {
    const sessionToken = optionalSetting('AWS_SESSION_TOKEN');
    return {
      accessKeyId: setting('AWS_ACCESS_KEY_ID'),
      secretAccessKey: setting('AWS_SECRET_ACCESS_KEY'),
      ...(sessionToken ? { sessionToken } : {}),
    };
  };
}
