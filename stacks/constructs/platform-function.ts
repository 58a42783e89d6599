import { CloudwatchLogGroup, Construct, LambdaFunction } from '../cdktf.ts';
import { type FunctionKind, functionKinds } from '../function-kinds.ts';
import { allow, type Statement } from '../policy.ts';
import { SkafuStack } from '../skafu-stack.ts';
import type { FailureQueue } from './failure-queue.ts';
import { Role } from './role.ts';

export interface FunctionProps {
  /** Kebab-case: names the bundle, the function, its role and its log group. */
  name: string;
  kind: FunctionKind;
  environment?: Record<string, string>;
  /** What it may do besides writing its log and trace and reporting failures. */
  permissions?: Statement[];
  /** Where an event goes that it was invoked with asynchronously and failed on every time. */
  failures?: FailureQueue;
}

/** A Lambda function with a role of its own, exactly the permissions it needs, and a log group that forgets. */
export class PlatformFunction extends Construct {
  readonly name: string;
  readonly arn: string;
  readonly invokeArn: string;

  constructor(scope: Construct, id: string, props: FunctionProps) {
    super(scope, id);
    const stack = SkafuStack.of(this);
    const { memory, timeout } = functionKinds[props.kind];
    const { environment, installationTenant, logLevel, logRetentionDays } = stack.settings;
    const name = stack.resourceName(props.name);

    const logs = new CloudwatchLogGroup(this, 'logs', {
      name: `/aws/lambda/${name}`,
      retentionInDays: logRetentionDays,
    });
    const role = new Role(this, 'role', {
      name,
      service: 'lambda.amazonaws.com',
      permissions: [
        allow('logs:CreateLogStream', 'logs:PutLogEvents').on(`${logs.arn}:*`),
        allow('xray:PutTraceSegments', 'xray:PutTelemetryRecords').onEverything(),
        allow('events:PutEvents').on(stack.errorsBusArn),
        ...(props.failures ? [allow('sqs:SendMessage').on(props.failures.arn)] : []),
        ...(props.permissions ?? []),
      ],
    });
    const lambda = new LambdaFunction(this, 'lambda', {
      functionName: name,
      role: role.arn,
      ...stack.addBundle(props.name),
      handler: 'index.handler',
      runtime: 'nodejs22.x',
      architectures: ['arm64'],
      memorySize: memory,
      timeout,
      tracingConfig: { mode: 'Active' },
      environment: {
        variables: {
          ENVIRONMENT: environment,
          SERVICE: stack.domain,
          FUNCTION: props.name,
          ERRORS_BUS: stack.platform.errorsBus,
          PERSONAL_KEYS_TABLE: stack.platform.personalKeysTable,
          INSTALLATION_TENANT: installationTenant,
          TRACING: 'xray',
          LOG_LEVEL: logLevel,
          ...props.environment,
        },
      },
      ...(props.failures ? { deadLetterConfig: { targetArn: props.failures.arn } } : {}),
      dependsOn: [logs, role.policy],
    });
    this.name = lambda.functionName;
    this.arn = lambda.arn;
    this.invokeArn = lambda.invokeArn;
  }
}
