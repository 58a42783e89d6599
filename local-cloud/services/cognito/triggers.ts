import type { Cloud } from '../../core/cloud.ts';
import { AwsError } from '../../core/errors.ts';
import type { PoolClient, TriggerName, User, UserPool } from './model.ts';

type Reply = Record<string, unknown>;

/** Calls the pool's Lambda for a trigger, if it has one, and answers the `response` it left in the event. */
export type CallTrigger = (call: {
  trigger: TriggerName;
  /** `triggerSource` of the event, for example `PreSignUp_AdminCreateUser`. */
  source: string;
  pool: UserPool;
  client?: PoolClient;
  /** Who it is about. Without `sub` it is somebody who is not (yet) in the pool. */
  user: Pick<User, 'username' | 'attributes'> & Partial<Pick<User, 'sub' | 'status'>>;
  request?: Record<string, unknown>;
  response?: Record<string, unknown>;
  version?: string;
}) => Promise<Reply | undefined>;

/**
 * Trigger calls over the `functions` port. What the function throws becomes `UserLambdaValidationException`, as in
 * AWS; an answer that is not an event becomes `InvalidLambdaResponseException`.
 */
export function createTriggers(cloud: Cloud): CallTrigger {
  return async ({ trigger, source, pool, client, user, request, response, version }) => {
    const functionArn = pool.triggers[trigger];
    if (!functionArn) return undefined;
    requireCalling(cloud, pool, trigger, functionArn);
    const event = {
      version: version ?? '1',
      triggerSource: source,
      region: cloud.region,
      userPoolId: pool.id,
      userName: user.username,
      callerContext: {
        awsSdkVersion: 'aws-sdk-unknown-unknown',
        clientId: client?.id ?? 'CLIENT_ID_NOT_APPLICABLE',
      },
      request: {
        userAttributes: {
          ...(user.sub && { sub: user.sub, 'cognito:user_status': user.status }),
          ...user.attributes,
        },
        ...request,
      },
      response: response ?? {},
    };
    const invoked = cloud.ports.functions.invoke(functionArn, event);
    const { payload, functionError } = await invoked.catch((error: unknown) => {
      throw error instanceof AwsError ? notInvoked(trigger, error.code) : error;
    });
    if (functionError) {
      const reason = isReply(payload) ? String(payload['errorMessage'] ?? '') : '';
      throw new AwsError('UserLambdaValidationException', `${trigger} failed with error ${reason}.`);
    }
    const answer = isReply(payload) ? payload['response'] : undefined;
    if (!isReply(answer)) {
      throw invalidReply('Invalid lambda function output : Invalid JSON');
    }
    return answer;
  };
}

/** The function's policy must let the pool call it. */
function requireCalling(cloud: Cloud, pool: UserPool, trigger: TriggerName, functionArn: string): void {
  const sourceArn = `arn:aws:cognito-idp:${cloud.region}:${cloud.accountId}:userpool/${pool.id}`;
  const caller = { type: 'service', service: 'cognito-idp.amazonaws.com', sourceArn } as const;
  try {
    cloud.ports.access.require(caller, { action: 'lambda:InvokeFunction', resource: functionArn });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw notInvoked(trigger, 'AccessDeniedException');
  }
}

const notInvoked = (trigger: TriggerName, code: string) =>
  new AwsError('UnexpectedLambdaException', `${trigger} invocation failed due to error ${code}.`);

/** A trigger that answered what it may not, or is not there although it is needed. */
export const invalidReply = (message: string) => new AwsError('InvalidLambdaResponseException', message);

export function isReply(value: unknown): value is Reply {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
