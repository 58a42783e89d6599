import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { prepareDataDirectory } from './data-directory.ts';
import { readOptions } from './options.ts';
import { assertPortFree } from './ports.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'skafu-start-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('the options of npm start', () => {
  test('have defaults', () => {
    expect(readOptions([], folder)).toEqual({
      port: 3000,
      awsPort: 4566,
      dataDirectory: join(folder, '.skafu'),
      fresh: false,
    });
  });

  test('are read', () => {
    const given = ['--port', '1', '--aws-port', '2', '--data-dir', 'there', '--fresh'];
    expect(readOptions(given, folder)).toEqual({
      port: 1,
      awsPort: 2,
      dataDirectory: join(folder, 'there'),
      fresh: true,
    });
  });

  test.each([
    ['--port', '0'],
    ['--port', '65536'],
    ['--port', '80x'],
    ['--aws-port', '-1'],
    ['--color'],
    ['--port', '4566'],
  ])('refuse %s %s', (...given) => {
    expect(() => readOptions(given, folder)).toThrow();
  });
});

describe('the data folder', () => {
  test('is made, and found again', () => {
    const data = join(folder, 'new/data');
    prepareDataDirectory(data, false);
    writeFileSync(join(data, 'kept'), '');
    prepareDataDirectory(data, false);
    expect(() => prepareDataDirectory(data, true)).not.toThrow();
  });

  test('is emptied on request, but never when it is somebody else’s', () => {
    const foreign = join(folder, 'documents');
    mkdirSync(foreign);
    writeFileSync(join(foreign, 'novel.txt'), 'once upon a time');
    expect(() => prepareDataDirectory(foreign, true)).toThrow(/not Skafu's/);
  });

  test('cannot be a file', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => prepareDataDirectory(join(folder, 'file'), false)).toThrow(/is a file/);
  });
});

describe('npm start', () => {
  test('says which port is taken before it does anything', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    await expect(assertPortFree(port, '--port')).rejects.toThrow(`Port ${port} is taken`);
    await new Promise((resolve) => server.close(resolve));
    await expect(assertPortFree(port, '--port')).resolves.toBeUndefined();
  });

  test('ends with a sentence and code 2 for an option that cannot be meant', () => {
    const start = join(import.meta.dirname, '../start.ts');
    const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', start, '--port', 'abc'], {
      encoding: 'utf8',
    });
    expect(status).toBe(2);
    expect(stderr).toContain('--port must be a port from 1 to 65535, not abc.');
    expect(stderr).not.toContain('    at ');
  });
});
