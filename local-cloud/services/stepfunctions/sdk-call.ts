import type { Caller } from '../../core/access.ts';
import type { Cloud } from '../../core/cloud.ts';
import { type SdkService, sdkServices } from './sdk-services.ts';
import { StateError } from './state-error.ts';

interface Client {
  send(command: object): Promise<object>;
  destroy(): void;
}
type Constructor<T> = new (input: object) => T;

/**
 * Calls any operation of a service through the AWS endpoint, as a role: `aws-sdk:dynamodb:query`. Names are in upper
 * case at the front, whatever the API has. Rejects with a `StateError` named as Step Functions does:
 * https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
 */
export async function callSdk(
  cloud: Pick<Cloud, 'endpointUrl' | 'region' | 'ports'>,
  { roleArn, session }: Caller & { type: 'role' },
  serviceName: string,
  action: string,
  input: Record<string, unknown>,
): Promise<unknown> {
  const service = sdkServices[serviceName];
  if (!service) throw new StateError('States.Runtime', `There is no service ${serviceName}.`);
  const library = await service.load();
  const operation = action.charAt(0).toUpperCase() + action.slice(1);
  const Command = member<Constructor<object>>(library, `${operation}Command`);
  if (!Command) throw new StateError('States.Runtime', `${service.prefix} has no operation ${action}.`);
  const Client = clientOf(library);
  const client = new Client({
    endpoint: cloud.endpointUrl,
    region: cloud.region,
    credentials: cloud.ports.access.assume(roleArn, session),
    maxAttempts: 1,
    forcePathStyle: true,
  });
  try {
    const answer = await client.send(new Command(toSdk(input, service.lowerCase === true) as object));
    return await fromSdk(answer, service.lowerCase === true);
  } catch (error) {
    throw failureOf(error, service, library);
  } finally {
    client.destroy();
  }
}

/** Whether a library of the SDK knows an operation. */
export async function hasOperation(serviceName: string, action: string): Promise<boolean> {
  const library = await sdkServices[serviceName]?.load();
  const operation = action.charAt(0).toUpperCase() + action.slice(1);
  return library !== undefined && member(library, `${operation}Command`) !== undefined;
}

function member<T>(library: object, name: string): T | undefined {
  return Reflect.get(library, name) as T | undefined;
}

/** The client without conveniences: its name ends in Client, and what others extend is not it. */
function clientOf(library: object): Constructor<Client> {
  const name = Object.keys(library).find((each) => /[^_]Client$/u.test(each));
  return member<Constructor<Client>>(library, name ?? '') as Constructor<Client>;
}

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/u;
const timeName = /(?:Time|Timestamp|Date)$/u;
const bytesName = /^(?:Payload|Body|ZipFile)$/u;

/** Names as the API has them, times as dates, bytes as text. */
function toSdk(value: unknown, lowerCase: boolean, name = ''): unknown {
  if (bytesName.test(name)) return typeof value === 'string' ? value : JSON.stringify(value);
  if (typeof value === 'string') return timeName.test(name) && instant.test(value) ? new Date(value) : value;
  if (Array.isArray(value)) return value.map((each) => toSdk(each, lowerCase));
  if (typeof value !== 'object' || value === null) return value;
  const keepsNames = /^tags$/iu.test(name);
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]: [string, unknown]) => [
      lowerCase && !keepsNames ? key.charAt(0).toLowerCase() + key.slice(1) : key,
      toSdk(inner, lowerCase, key),
    ]),
  );
}

async function fromSdk(value: unknown, lowerCase: boolean): Promise<unknown> {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  if (Array.isArray(value)) return Promise.all(value.map((each) => fromSdk(each, lowerCase)));
  if (typeof value !== 'object' || value === null) return value;
  if ('transformToString' in value) return (value.transformToString as () => Promise<string>)();
  const fields = Object.entries(value).filter(([name, inner]) => name !== '$metadata' && inner !== undefined);
  return Object.fromEntries(
    await Promise.all(
      fields.map(async ([name, inner]: [string, unknown]) => [
        lowerCase ? name.charAt(0).toUpperCase() + name.slice(1) : name,
        await fromSdk(inner, lowerCase),
      ]),
    ),
  ) as Record<string, unknown>;
}

/** Errors that the service's model has bear their own name, all others that of the service. */
function failureOf(error: unknown, { prefix }: SdkService, library: object): StateError {
  if (error instanceof StateError) return error;
  if (!(error instanceof Error)) return new StateError(`${prefix}.SdkClientException`, String(error));
  const { name, message } = error;
  const status = (error as { $metadata?: { httpStatusCode?: number; requestId?: string } }).$metadata;
  if (status?.httpStatusCode === undefined) return new StateError(`${prefix}.SdkClientException`, message);
  const isModelled = member(library, name) !== undefined || member(library, `${name}Exception`) !== undefined;
  const own = name.endsWith('Exception') ? name : `${name}Exception`;
  const request = `Service: ${prefix}, Status Code: ${status.httpStatusCode}, Request ID: ${status.requestId ?? ''}`;
  return new StateError(`${prefix}.${isModelled ? own : `${prefix}Exception`}`, `${message} (${request})`);
}
