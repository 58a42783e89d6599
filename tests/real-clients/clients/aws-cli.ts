import { type AwsClient, RefusedCall } from './client.ts';
import { clientEnvironment, startLineHost } from './line-host.ts';

const REFUSED = /An error occurred \(([^)]+)\) when calling the \w+ operation(?: \([^)]*\))?: ([^\n]*)/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(\+00:00|Z)$/;

/** The aws command line; what it prints is read back as its users' scripts read it. */
export function openAwsCli(endpoint: string): AwsClient {
  const host = startLineHost('aws_cli_host.py', [], clientEnvironment(endpoint));

  async function ask<Output>(question: object): Promise<Output> {
    const { code, output, errors } = await host.ask({ ...question, endpoint });
    if (code === 0) return (output === '' ? {} : JSON.parse(String(output), withPlainTimes)) as Output;
    const [, refusal, message] = REFUSED.exec(String(errors)) ?? [];
    if (refusal === undefined) throw new Error(`aws ended with ${code}: ${errors}`);
    throw new RefusedCall({ code: refusal, message: message ?? '' });
  }

  return {
    call: (service, operation, input = {}) => ask({ service, operation, input }),
    every: (service, operation, input = {}) => ask({ service, operation, input, every: true }),
    close: () => host.close(),
  };
}

function withPlainTimes(_key: string, value: unknown): unknown {
  return typeof value === 'string' && TIME.test(value) ? new Date(value).toISOString() : value;
}
