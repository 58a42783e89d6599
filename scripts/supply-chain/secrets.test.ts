import { describe, expect, test } from 'vitest';
import { secretsIn, secretsInTree } from './secrets.ts';

// Put together here, or the scan of this very file would find them.
const planted = {
  'a GitHub token': `ghp_${'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO'}0pINUx`,
  'an npm token': `npm_${'fD6pQ0x9Lw2Rk7Vt3Zy8Ab1Cd4Ef5Gh6Ij7K'}`,
  'a password in an address': `https://deployer:${'correct-horse'}@example.com/state`,
};

describe('the scan for secrets', () => {
  test.each(Object.entries(planted))('finds %s, and does not repeat it', async (_, secret) => {
    const findings = await secretsIn('settings.ts', `\nconst value = '${secret}';\n`);
    expect(findings).toMatchObject([{ path: 'settings.ts', line: 2 }]);
    expect(findings[0]?.message).not.toContain(secret);
  });

  test('finds none in an ordinary file', async () => {
    expect(await secretsIn('settings.ts', "export const region = 'us-east-1';\n")).toEqual([]);
  });

  test('finds none in this tree', async () => {
    const { files, findings } = await secretsInTree(process.cwd());
    expect(files).toBeGreaterThan(500);
    expect(findings).toEqual([]);
  });
});
