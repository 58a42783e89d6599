import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { deployConsole } from './deploy-console.ts';
import { bucketServer, type StoredObject } from './testing/bucket-server.ts';

describe('deploying the console', () => {
  const objects = new Map<string, StoredObject>();
  let server: Server;
  let directory = '';

  beforeEach(async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
    objects.clear();
    server = bucketServer(objects);
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    directory = mkdtempSync(join(tmpdir(), 'skafu-console-'));
    mkdirSync(join(directory, 'assets'));
    mkdirSync(join(directory, '.vite'));
    writeFileSync(join(directory, 'index.html'), '<script src="/assets/a-1.js">');
    writeFileSync(join(directory, 'assets', 'a-1.js'), 'one');
    writeFileSync(join(directory, '.vite', 'manifest.json'), '{}');
  });

  afterEach(() => {
    vi.unstubAllEnvs();
    server.closeAllConnections();
    server.close();
    rmSync(directory, { recursive: true, force: true });
  });

  function deploy(userPoolId = 'pool') {
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const config = { environment: 'dev', region: 'us-east-1', userPoolId, userPoolClientId: 'client' };
    return deployConsole({ endpoint, bucket: 'console', directory, config });
  }

  test('puts the page last, after the assets that it names', async () => {
    expect(await deploy()).toEqual({ written: 3, kept: 0 });
    expect([...objects.keys()]).toEqual(['assets/a-1.js', 'config.json', 'index.html']);
  });

  test('lets browsers keep what is named after its content, and nothing else', async () => {
    await deploy();
    const headers = [...objects].map(([key, { type, cache }]) => [key, type, cache]);
    expect(headers).toEqual([
      ['assets/a-1.js', 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable'],
      ['config.json', 'application/json', 'no-store'],
      ['index.html', 'text/html; charset=utf-8', 'no-cache'],
    ]);
  });

  test('writes the configuration that the console reads', async () => {
    await deploy();
    const config: unknown = JSON.parse(objects.get('config.json')?.body ?? '');
    expect(config).toEqual({
      environment: 'dev',
      region: 'us-east-1',
      userPoolId: 'pool',
      userPoolClientId: 'client',
    });
  });

  test('leaves alone what has not changed', async () => {
    await deploy();
    expect(await deploy()).toEqual({ written: 0, kept: 3 });
    expect(await deploy('other pool')).toEqual({ written: 1, kept: 2 });
  });

  test('keeps the assets of the build before, for tabs that are still open', async () => {
    await deploy();
    rmSync(join(directory, 'assets', 'a-1.js'));
    writeFileSync(join(directory, 'assets', 'a-2.js'), 'two');
    await deploy();
    expect([...objects.keys()]).toEqual(expect.arrayContaining(['assets/a-1.js', 'assets/a-2.js']));
  });

  test('refuses a folder that holds no console', async () => {
    rmSync(join(directory, 'index.html'));
    await expect(deploy()).rejects.toThrow('holds no index.html: build the console first.');
  });
});
