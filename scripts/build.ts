import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Environment, environments } from '#stacks/settings.ts';
import { buildAll } from './build/build.ts';

const { values } = parseArgs({ options: { env: { type: 'string', default: 'local' } } });
const environment = environments.find((known) => known === values.env);
if (!environment)
  throw new Error(`There is no environment ${values.env}; there are ${environments.join(', ')}.`);

await buildAll(
  join(import.meta.dirname, '..'),
  environment satisfies Environment,
  ({ name, milliseconds, unchanged }) => {
    process.stdout.write(
      `${name.padEnd(10)} ${(milliseconds / 1000).toFixed(1)} s${unchanged ? '  unchanged' : ''}\n`,
    );
  },
);
