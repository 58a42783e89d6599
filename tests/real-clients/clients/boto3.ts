import { type Answer, type AwsClient, RefusedCall } from './client.ts';
import { clientEnvironment, startLineHost } from './line-host.ts';

interface Told {
  /** What the client threw that is no error of AWS. */
  failed?: string;
  output?: Answer;
  error?: { code: string; exception: string; message: string; status: number; details: Answer };
}

/** boto3 in one Python process. `protocol` chooses among those that a service's model lists. */
export function openBoto3(endpoint: string, protocol?: 'query' | 'smithy-rpc-v2-cbor'): AwsClient {
  const host = startLineHost('boto3_host.py', protocol ? [protocol] : [], clientEnvironment(endpoint));

  async function ask<Output>(question: object): Promise<Output> {
    const { output, error, failed } = (await host.ask(question)) as Told;
    if (failed !== undefined) throw new Error(failed);
    if (error) throw new RefusedCall(error);
    return output as Output;
  }

  return {
    call: (service, operation, input = {}) => ask({ service, operation, input }),
    every: (service, operation, input = {}) => ask({ service, operation, input, every: true }),
    close: () => host.close(),
  };
}
