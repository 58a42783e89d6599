import { join } from 'node:path';
import { CloudwatchEventBus } from '@cdktf/provider-aws/lib/cloudwatch-event-bus/index.js';
import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule/index.js';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target/index.js';
import { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table/index.js';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function/index.js';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { SfnStateMachine } from '@cdktf/provider-aws/lib/sfn-state-machine/index.js';
import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue/index.js';
import { App, AssetType, LocalBackend, TerraformAsset, TerraformOutput, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';

interface Statement {
  readonly Action: string;
  readonly Resource: string;
}

/** A role that a service of AWS assumes, and that may do just this. */
function roleFor(scope: Construct, name: string, service: string, statements: readonly Statement[]): IamRole {
  const role = new IamRole(scope, `${name}-role`, {
    name,
    assumeRolePolicy: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: `${service}.amazonaws.com` } },
      ],
    }),
  });
  new IamRolePolicy(scope, `${name}-policy`, {
    name: 'permissions',
    role: role.name,
    policy: JSON.stringify({
      Version: '2012-10-17',
      Statement: statements.map((statement) => ({ Effect: 'Allow', ...statement })),
    }),
  });
  return role;
}

/** An order that is placed on the bus is priced, kept, and sent to the warehouse when it is large. */
class Orders extends TerraformStack {
  constructor(scope: Construct) {
    super(scope, 'orders');
    new AwsProvider(this, 'aws', { region: 'us-east-1' });
    new LocalBackend(this, { path: '../../../orders.tfstate' });

    const table = new DynamodbTable(this, 'table', {
      name: 'orders',
      billingMode: 'PAY_PER_REQUEST',
      hashKey: 'id',
      attribute: [{ name: 'id', type: 'S' }],
    });
    const warehouse = new SqsQueue(this, 'warehouse', { name: 'warehouse' });
    const bus = new CloudwatchEventBus(this, 'bus', { name: 'shop' });

    const code = new TerraformAsset(this, 'code', {
      path: join(import.meta.dirname, 'functions/price'),
      type: AssetType.ARCHIVE,
    });
    const price = new LambdaFunction(this, 'price', {
      functionName: 'price-order',
      runtime: 'nodejs22.x',
      handler: 'index.handler',
      filename: code.path,
      sourceCodeHash: code.assetHash,
      role: roleFor(this, 'price-order', 'lambda', [
        { Action: 'logs:CreateLogStream', Resource: 'arn:aws:logs:*:*:log-group:/aws/lambda/price-order:*' },
        { Action: 'logs:PutLogEvents', Resource: 'arn:aws:logs:*:*:log-group:/aws/lambda/price-order:*' },
      ]).arn,
    });

    const machine = new SfnStateMachine(this, 'machine', {
      name: 'place-order',
      definition: JSON.stringify({
        StartAt: 'Price',
        States: {
          Price: { Type: 'Task', Resource: price.arn, Next: 'Keep' },
          Keep: {
            Type: 'Task',
            Resource: 'arn:aws:states:::dynamodb:putItem',
            Parameters: {
              TableName: table.name,
              Item: { id: { 'S.$': '$.id' }, total: { 'N.$': "States.Format('{}', $.total)" } },
            },
            ResultPath: null,
            Next: 'Is it large?',
          },
          'Is it large?': {
            Type: 'Choice',
            Choices: [{ Variable: '$.total', NumericGreaterThanEquals: 100, Next: 'Send' }],
            Default: 'Done',
          },
          Send: {
            Type: 'Task',
            Resource: 'arn:aws:states:::sqs:sendMessage',
            Parameters: { QueueUrl: warehouse.url, 'MessageBody.$': '$' },
            Next: 'Done',
          },
          Done: { Type: 'Succeed' },
        },
      }),
      roleArn: roleFor(this, 'place-order', 'states', [
        { Action: 'lambda:InvokeFunction', Resource: price.arn },
        { Action: 'dynamodb:PutItem', Resource: table.arn },
        { Action: 'sqs:SendMessage', Resource: warehouse.arn },
      ]).arn,
    });

    const rule = new CloudwatchEventRule(this, 'placed', {
      name: 'order-placed',
      eventBusName: bus.name,
      eventPattern: JSON.stringify({ source: ['shop'], 'detail-type': ['OrderPlaced'] }),
    });
    new CloudwatchEventTarget(this, 'start', {
      rule: rule.name,
      eventBusName: bus.name,
      arn: machine.arn,
      inputPath: '$.detail',
      roleArn: roleFor(this, 'start-order', 'events', [
        { Action: 'states:StartExecution', Resource: machine.arn },
      ]).arn,
    });

    new TerraformOutput(this, 'warehouse-url', { value: warehouse.url });
  }
}

const app = new App({ outdir: join(import.meta.dirname, 'cdktf.out') });
new Orders(app);
app.synth();
