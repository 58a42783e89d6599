import { afterEach, describe, expect, test, vi } from 'vitest';
import { defaultProvider } from './environment-credentials.ts';
import { optionalSetting, setting } from './settings.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('a setting', () => {
  test('comes from the environment', () => {
    vi.stubEnv('EVENTS_BUS', 'skafu-dev-events');
    expect(setting('EVENTS_BUS')).toBe('skafu-dev-events');
    expect(optionalSetting('EVENTS_BUS')).toBe('skafu-dev-events');
  });

  test.each([undefined, ''])(
    'that is missing (%j) is told by its name, or left out where it may be',
    (value) => {
      vi.stubEnv('EVENTS_BUS', value);
      expect(() => setting('EVENTS_BUS')).toThrow('The setting EVENTS_BUS is missing from the environment.');
      expect(optionalSetting('EVENTS_BUS')).toBeUndefined();
    },
  );
});

describe('credentials', () => {
  test('are those that Lambda puts into the environment', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'key');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
    vi.stubEnv('AWS_SESSION_TOKEN', 'token');
    expect(await defaultProvider()()).toEqual({
      accessKeyId: 'key',
      secretAccessKey: 'secret',
      sessionToken: 'token',
    });
  });

  test('are read anew each time, and need no session', async () => {
    const provide = defaultProvider();
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'rotated');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
    vi.stubEnv('AWS_SESSION_TOKEN', undefined);
    expect(await provide()).toEqual({ accessKeyId: 'rotated', secretAccessKey: 'secret' });
  });

  test('that are missing are told by name', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
    await expect(defaultProvider()()).rejects.toThrow('AWS_ACCESS_KEY_ID');
  });
});
