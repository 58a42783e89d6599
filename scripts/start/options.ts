import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export interface StartOptions {
  /** Console and API. */
  readonly port: number;
  /** AWS endpoint. */
  readonly awsPort: number;
  /** Absolute. */
  readonly dataDirectory: string;
  readonly fresh: boolean;
}

export const usage = `npm start -- [--port N] [--aws-port N] [--data-dir DIR] [--fresh]

  --port      console and API, by default 3000
  --aws-port  AWS endpoint, by default 4566
  --data-dir  where everything is kept, by default .skafu
  --fresh     empty the data first
`;

/** Reads the options of `npm start`. Throws with one sentence for what cannot be meant. */
export function readOptions(parameters: string[], root: string): StartOptions {
  const { values } = parseArgs({
    args: parameters,
    options: {
      port: { type: 'string', default: '3000' },
      'aws-port': { type: 'string', default: '4566' },
      'data-dir': { type: 'string', default: '.skafu' },
      fresh: { type: 'boolean', default: false },
    },
  });
  const options = {
    port: portOf('--port', values.port),
    awsPort: portOf('--aws-port', values['aws-port']),
    dataDirectory: resolve(root, values['data-dir']),
    fresh: values.fresh,
  };
  if (options.port === options.awsPort) throw new Error('--port and --aws-port must differ.');
  return options;
}

function portOf(option: string, text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new Error(`${option} must be a port from 1 to 65535, not ${text}.`);
}
