import { CloudwatchLogGroup, Construct, SfnStateMachine } from '../cdktf.ts';
import { allow } from '../policy.ts';
import { SkafuStack } from '../skafu-stack.ts';
import type { PlatformFunction } from './platform-function.ts';
import { Role } from './role.ts';

interface Props {
  name: string;
  /** As failures name it: `observability/alert-rules`. */
  readModel: string;
  projector: PlatformFunction;
}

/** Projects one event. After the last try the failure goes to the errors bus and names the event,
 * which stays where it is: in the store. */
export class ProjectionWorkflow extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { name, readModel, projector }: Props) {
    super(scope, id);
    const stack = SkafuStack.of(this);
    const stateMachine = stack.resourceName(name);
    // EXPRESS keeps no history of its own: the console reads it here.
    const logs = new CloudwatchLogGroup(this, 'logs', {
      name: `/aws/vendedlogs/states/${stateMachine}`,
      retentionInDays: stack.settings.logRetentionDays,
    });
    const role = new Role(this, 'role', {
      name: stateMachine,
      service: 'states.amazonaws.com',
      permissions: [
        allow('lambda:InvokeFunction').on(projector.arn),
        allow('events:PutEvents').on(stack.errorsBusArn),
        allow(...logDelivery).onEverything(),
        allow(...tracing).onEverything(),
      ],
    });
    this.arn = new SfnStateMachine(this, 'state-machine', {
      name: stateMachine,
      type: 'EXPRESS',
      roleArn: role.arn,
      definition: JSON.stringify({
        Comment: `Projects one event into ${readModel}`,
        StartAt: 'Project',
        States: {
          Project: {
            Type: 'Task',
            Resource: 'arn:aws:states:::lambda:invoke',
            Parameters: { FunctionName: projector.arn, 'Payload.$': '$' },
            OutputPath: '$.Payload',
            Retry: [retry],
            Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'IsTraced' }],
            End: true,
          },
          IsTraced: {
            Type: 'Choice',
            Choices: [{ Variable: '$.detail.trace', IsPresent: true, Next: 'ReportFailure' }],
            Default: 'WithoutTrace',
          },
          WithoutTrace: { Type: 'Pass', Result: '', ResultPath: '$.detail.trace', Next: 'ReportFailure' },
          ReportFailure: {
            Type: 'Task',
            Resource: 'arn:aws:states:::events:putEvents',
            Parameters: {
              Entries: [
                {
                  EventBusName: stack.platform.errorsBus,
                  Source: `skafu.${stack.domain}`,
                  DetailType: 'ProjectionFailed',
                  Detail: { readModel, ...failedEvent, 'error.$': '$.failure' },
                },
              ],
            },
            Retry: [retry],
            Next: 'Failed',
          },
          Failed: {
            Type: 'Fail',
            Error: 'ProjectionFailed',
            Cause: `The event was not projected into ${readModel}.`,
          },
        },
      }),
      loggingConfiguration: { level: 'ALL', includeExecutionData: true, logDestination: `${logs.arn}:*` },
      tracingConfiguration: { enabled: true },
      dependsOn: [role.policy],
    }).arn;
  }
}

/** Which event it was, without its data: that may be large, and what people typed. */
const failedEvent = {
  'eventId.$': '$.detail.id',
  'tenant.$': '$.detail.tenant',
  'stream.$': '$.detail.stream',
  'version.$': '$.detail.version',
  'correlationId.$': '$.detail.correlationId',
  'trace.$': '$.detail.trace',
};

/** Five tries of 30 s and their pauses stay below the five minutes that an EXPRESS execution may take. */
const retry = {
  ErrorEquals: ['States.TaskFailed'],
  IntervalSeconds: 1,
  BackoffRate: 2,
  MaxAttempts: 4,
  MaxDelaySeconds: 10,
  JitterStrategy: 'FULL',
};

/** What Step Functions needs to log at all; AWS offers no resource-level permission for any of it. */
const logDelivery = [
  'logs:CreateLogDelivery',
  'logs:GetLogDelivery',
  'logs:UpdateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:DescribeResourcePolicies',
  'logs:DescribeLogGroups',
];

const tracing = [
  'xray:PutTraceSegments',
  'xray:PutTelemetryRecords',
  'xray:GetSamplingRules',
  'xray:GetSamplingTargets',
];
