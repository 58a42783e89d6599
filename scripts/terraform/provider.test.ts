import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findProviders, mirrorFolders } from './provider.ts';

/** Of no real provider, so that a mirror of the machine can never hold it. */
const providers = new Map([['skafu-test/none', '1.2.3']]);

describe('looking for providers', () => {
  let root = '';
  let environment: Record<string, string> = {};
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'skafu-provider-'));
    environment = { HOME: join(root, 'home'), TF_CLI_CONFIG_FILE: join(root, 'missing.rc') };
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function platform(): string {
    const processor = process.arch === 'x64' ? 'amd64' : process.arch;
    return `${process.platform === 'win32' ? 'windows' : process.platform}_${processor}`;
  }

  function writeMirror(folder: string): string {
    mkdirSync(join(folder, 'registry.terraform.io', 'skafu-test', 'none', '1.2.3', platform()), {
      recursive: true,
    });
    return folder;
  }

  test('a CLI configuration that exists is left alone', () => {
    writeFileSync(join(root, 'missing.rc'), '');
    expect(findProviders(providers, root, environment)).toMatchObject({ environment: {}, certain: true });
  });

  test('a mirror that the environment names is used, also when the configured file is missing', () => {
    const mirror = writeMirror(join(root, 'mirror'));
    const found = findProviders(providers, root, { ...environment, SKAFU_TF_MIRROR: mirror });
    const file = found.environment['TF_CLI_CONFIG_FILE'] ?? '';
    expect(found.certain).toBe(true);
    expect(readFileSync(file, 'utf8')).toContain(`path    = ${JSON.stringify(mirror)}`);
  });

  test('a mirror in the usual folder of the user is found', () => {
    writeMirror(join(root, 'home', '.terraform.d', 'plugins'));
    expect(findProviders(providers, root, environment).certain).toBe(true);
  });

  test('a packed provider counts as well', () => {
    const folder = join(root, 'mirror', 'registry.terraform.io', 'skafu-test', 'none');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `terraform-provider-none_1.2.3_${platform()}.zip`), '');
    expect(
      findProviders(providers, root, { ...environment, SKAFU_TF_MIRROR: join(root, 'mirror') }).certain,
    ).toBe(true);
  });

  test('a mirror that holds another version is passed over, and only the registry is left', () => {
    const mirror = writeMirror(join(root, 'mirror'));
    const newer = new Map([['skafu-test/none', '2.0.0']]);
    const found = findProviders(newer, root, { ...environment, SKAFU_TF_MIRROR: mirror });
    expect(found).toMatchObject({ certain: false, description: 'the public registry' });
  });

  test('the mirror that the environment names comes first', () => {
    expect(mirrorFolders({ ...environment, SKAFU_TF_MIRROR: 'mine' })[0]).toBe('mine');
  });
});
