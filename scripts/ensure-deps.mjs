// Runs before every npm script that needs dependencies. It may use none itself: on a bare clone there are none.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const root = process.argv[2] ?? process.cwd();
const stampFile = join(root, 'node_modules', '.deps-stamp');

/** One sentence says what is wrong and what to do; a stack trace would say neither. */
function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  fail(
    `Skafu needs Node 20.19 or later and this is Node ${process.versions.node}: install a newer one from https://nodejs.org.`,
  );
}

function readText(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** Native packages differ by platform, processor and ABI, so a changed Node installs again as a changed lock file does. */
function wantedStamp() {
  const lock = readText(join(root, 'package-lock.json'));
  if (lock === undefined)
    fail(`There is no package-lock.json in ${root}: run this from the root of the repository.`);
  const { platform, arch, versions } = process;
  return createHash('sha256').update([lock, platform, arch, versions.modules].join('\0')).digest('hex');
}

/** The npm that runs this script; plain `npm` when node was called directly. */
function npmCommand() {
  const running = process.env.npm_execpath;
  if (running !== undefined && basename(running) === 'npm-cli.js')
    return { command: process.execPath, first: [running] };
  return { command: 'npm', first: [], shell: process.platform === 'win32' };
}

/** NODE_ENV=production would leave out the tools, hence --include=dev. */
function install() {
  const { command, first, shell } = npmCommand();
  const flags = ['ci', '--no-audit', '--no-fund', '--include=dev', '--loglevel=error'];
  return new Promise((resolve) => {
    const child = spawn(command, [...first, ...flags], {
      cwd: root,
      shell,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const errors = [];
    child.stderr.on('data', (chunk) => errors.push(chunk));
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code) =>
      resolve(code === 0 ? undefined : Buffer.concat(errors).toString().trim() || `exit code ${code}`),
    );
  });
}

requireNode();
const wanted = wantedStamp();
if (readText(stampFile) !== wanted) {
  const started = Date.now();
  process.stdout.write('Installing dependencies (first run or changed lock file) ');
  const progress = setInterval(() => process.stdout.write('.'), 1000);
  const problem = await install();
  clearInterval(progress);
  if (problem !== undefined) {
    process.stdout.write(' failed\n');
    fail(
      `${problem}\nThe dependencies could not be installed: check the network and the npm registry, then run the command again.`,
    );
  }
  writeFileSync(stampFile, wanted);
  process.stdout.write(` done in ${((Date.now() - started) / 1000).toFixed(1)} s\n`);
}
