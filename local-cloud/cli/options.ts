import { parseArgs } from 'node:util';

export const usage = `Runs synthesized Terraform on this machine.

  local-cloud up                     apply the Terraform, serve it, and follow its changes until Ctrl-C
  local-cloud plan                   what an apply would create, update and remove
  local-cloud apply                  do that, in the local cloud that runs
  local-cloud list                   everything that stands
  local-cloud logs <group>           the lines of a log group of the last hour
  local-cloud invoke <function>      call a function; the payload is read from --payload
  local-cloud faults [add|clear]     what goes wrong on purpose; add one by --fault, or end them all
  local-cloud clock [<time>]         the time of the services; moved ahead by 90s, 15m, 2h or 1d
  local-cloud snapshot <folder>      copy all that is there at this moment, to begin with: up --from
  local-cloud destroy --yes          remove everything with its data

  --stacks <folder>      of the synthesized stacks, by default cdktf.out/stacks
  --data-dir <folder>    for everything that lasts, by default .local-cloud
  --port <number>        of the AWS endpoint, by default 4566
  --also-port <number>   another port with the same on it, such as 8083, where users of Step Functions look
  --console-port <number>  of the CloudFront distribution, by default 3000
  --region <name>        by default us-east-1
  --from <folder>        of up: a snapshot to begin with where the data folder is empty
  --follow               of logs: go on with the lines that come
  --payload <json>       of invoke, by default {}
  --fault <json>         of faults add: kind (throttle, error, latency, crash, duplicate, drop), and as wished action,
                         resource, share (0 to 1), milliseconds (of latency), seconds (until it ends, by default 300)
  --seed <number>        of faults add: begins the row of chances anew, so that a run can be had again

Exit code: 0 done, 1 not done, 2 wrong words.
`;

export interface Options {
  readonly command: string;
  /** What follows the command. */
  readonly subject: string | undefined;
  readonly stacksDirectory: string;
  readonly dataDirectory: string;
  readonly awsPort: number;
  readonly alsoPort: number | undefined;
  readonly consolePort: number;
  readonly region: string;
  readonly from: string | undefined;
  readonly follow: boolean;
  readonly payload: string;
  readonly fault: string;
  readonly seed: string | undefined;
  readonly yes: boolean;
}

/** The words of the command line are wrong; the message says which. */
export class UsageError extends Error {}

/** Throws `UsageError`. */
export function readOptions(words: readonly string[]): Options {
  const { values, positionals } = parse(words);
  const [command = '', subject, ...more] = positionals;
  if (more.length > 0) throw new UsageError(`${more.join(' ')} is one word too many.`);
  return {
    command,
    subject,
    stacksDirectory: values.stacks,
    dataDirectory: values['data-dir'],
    awsPort: portOf('port', values.port),
    alsoPort: values['also-port'] === undefined ? undefined : portOf('also-port', values['also-port']),
    consolePort: portOf('console-port', values['console-port']),
    region: values.region,
    from: values.from,
    follow: values.follow,
    payload: values.payload,
    fault: values.fault,
    seed: values.seed,
    yes: values.yes,
  };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        stacks: { type: 'string', default: 'cdktf.out/stacks' },
        'data-dir': { type: 'string', default: '.local-cloud' },
        port: { type: 'string', default: '4566' },
        'also-port': { type: 'string' },
        'console-port': { type: 'string', default: '3000' },
        region: { type: 'string', default: 'us-east-1' },
        from: { type: 'string' },
        follow: { type: 'boolean', default: false },
        payload: { type: 'string', default: '{}' },
        fault: { type: 'string', default: '{}' },
        seed: { type: 'string' },
        yes: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function portOf(name: string, text: string): number {
  const port = Number(text);
  if (/^\d+$/u.test(text) && port <= 65_535) return port;
  throw new UsageError(`--${name} must be a number from 0 to 65535, and is ${text}.`);
}
