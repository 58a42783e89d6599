import { describe, expect, test } from 'vitest';
import { userOf } from './user.ts';
import { userFilter } from './user-filter.ts';

describe('a search for accounts', () => {
  test.each([
    [{}, undefined],
    [{ prefix: 'ada' }, 'email ^= "ada"'],
    [{ by: 'name', prefix: 'Ada' }, 'name ^= "Ada"'],
    [{ by: 'username', prefix: '"\\' }, 'username ^= "\\"\\\\"'],
    [{ status: 'CONFIRMED' }, 'cognito:user_status = "CONFIRMED"'],
  ] as const)('for %j asks Cognito for %s', (search, filter) => {
    expect(userFilter(search)).toBe(filter);
  });

  test.each([
    [{ prefix: 'ada', status: 'CONFIRMED' }, '#/status'],
    [{ by: 'name' }, '#/prefix'],
  ] as const)('for %j is refused, since Cognito searches by one attribute', (search, pointer) => {
    expect(() => userFilter(search)).toThrow(
      expect.objectContaining({ errors: [expect.objectContaining({ pointer })] }),
    );
  });
});

test('an account shows what the console shows, and nothing more of the person', () => {
  const account = {
    Username: 'u-1',
    UserStatus: 'CONFIRMED',
    Enabled: true,
    UserCreateDate: new Date('2026-11-01T08:00:00Z'),
    UserLastModifiedDate: new Date('2026-11-02T08:00:00Z'),
    Attributes: [
      { Name: 'sub', Value: 'u-1' },
      { Name: 'email', Value: 'ada@skafu.example' },
      { Name: 'email_verified', Value: 'true' },
      { Name: 'phone_number', Value: '+49 30 1234' },
      { Name: 'custom:tenant', Value: 'skafu' },
    ],
  } as const;
  expect(JSON.parse(JSON.stringify(userOf({ ...account, Attributes: [...account.Attributes] })))).toEqual({
    username: 'u-1',
    subject: 'u-1',
    email: 'ada@skafu.example',
    emailVerified: true,
    tenant: 'skafu',
    status: 'CONFIRMED',
    enabled: true,
    createdAt: '2026-11-01T08:00:00.000Z',
    modifiedAt: '2026-11-02T08:00:00.000Z',
  });
});
