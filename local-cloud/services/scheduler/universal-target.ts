import type { Cloud } from '../../core/cloud.ts';
import { callAws } from '../../gateway/aws-call.ts';

/** Of each service that a schedule can ask anything of: its signing name and the prefix of its operations in JSON. */
const services: Readonly<Record<string, readonly [signingName: string, prefix: string]>> = {
  cloudwatch: ['monitoring', 'GraniteServiceVersion20100801'],
  cloudwatchlogs: ['logs', 'Logs_20140328'],
  cognitoidentityprovider: ['cognito-idp', 'AWSCognitoIdentityProviderService'],
  dynamodb: ['dynamodb', 'DynamoDB_20120810'],
  eventbridge: ['events', 'AWSEvents'],
  secretsmanager: ['secretsmanager', 'secretsmanager'],
  sfn: ['states', 'AWSStepFunctions'],
  sqs: ['sqs', 'AmazonSQS'],
  ssm: ['ssm', 'AmazonSSM'],
};

/** Lambda has no such protocol, and an invocation is all that a schedule would ask of it. */
export const universalServices = [...Object.keys(services), 'lambda'];

export interface UniversalTarget {
  readonly service: string;
  /** As the ARN spells it, for example `sendMessage`. */
  readonly action: string;
}

/** `{ service: 'sqs', action: 'sendMessage' }` of `arn:aws:scheduler:::aws-sdk:sqs:sendMessage`. */
export function universalTarget(arn: string): UniversalTarget | undefined {
  const [, service, action] = /^arn:aws:scheduler:::aws-sdk:([\w-]+):(\w+)$/u.exec(arn) ?? [];
  return service === undefined || action === undefined ? undefined : { service, action };
}

/** Whether the action only reads, which AWS lets no schedule do. */
export const isReading = ({ action }: UniversalTarget) =>
  /^(get|describe|list|poll|receive|search|scan|query|select|read|lookup|discover|validate|batchGet|batchDescribe|batchRead|transactGet|adminGet|adminList|testMigration|retrieve|testConnection|isAuthorized|invokeModel)/u.test(
    action,
  );

export const isKnown = ({ service, action }: UniversalTarget) =>
  service === 'lambda' ? action === 'invoke' : Object.hasOwn(services, service);

/** Asks it as the role. Throws the service's `AwsError`. */
export async function callUniversal(
  cloud: Cloud,
  { service, action }: UniversalTarget,
  input: Record<string, unknown>,
  role: { type: 'role'; roleArn: string; session: string },
): Promise<void> {
  if (service === 'lambda') return invokeFunction(cloud, input, role);
  const [signingName, prefix] = services[service] ?? [service, service];
  const operation = action.charAt(0).toUpperCase() + action.slice(1);
  await callAws(cloud, role, signingName, `${prefix}.${operation}`, input);
}

async function invokeFunction(
  cloud: Cloud,
  input: Record<string, unknown>,
  role: { type: 'role'; roleArn: string; session: string },
): Promise<void> {
  const name = String(input['FunctionName']);
  const resource = name.startsWith('arn:')
    ? name
    : `arn:aws:lambda:${cloud.region}:${cloud.accountId}:function:${name}`;
  cloud.ports.access.require(role, { action: 'lambda:InvokeFunction', resource });
  const given = input['Payload'] ?? {};
  const payload = typeof given === 'string' ? (JSON.parse(given) as unknown) : given;
  if (input['InvocationType'] === 'Event') await cloud.ports.functions.enqueue(name, payload);
  else await cloud.ports.functions.invoke(name, payload, { background: true });
}
