import { describe, expect, test } from 'vitest';
import { administrator } from '../core/access.ts';
import type { AwsRequest } from '../core/service.ts';
import { wantedOfCloudwatch } from '../services/cloudwatch/wanted.ts';
import { wantedOfUserPools } from '../services/cognito/wanted.ts';
import { wantedOfDynamodb } from '../services/dynamodb/wanted.ts';
import { wantedOfEvents } from '../services/eventbridge/wanted.ts';
import { wantedOfLambda } from '../services/lambda/wanted.ts';
import { wantedOfLogs } from '../services/logs/wanted.ts';
import { wantedOfS3 } from '../services/s3/wanted.ts';
import { wantedOfScheduler } from '../services/scheduler/routes.ts';
import { wantedOfSecrets } from '../services/secretsmanager/wanted.ts';
import { wantedOfQueues } from '../services/sqs/wanted.ts';
import { wantedOfParameters } from '../services/ssm/wanted.ts';
import { wantedOfStates } from '../services/stepfunctions/wanted.ts';
import { wantedOfXray } from '../services/xray/wanted.ts';

const account = '000000000000';
const tables = `arn:aws:dynamodb:us-east-1:${account}:`;
const table = `${tables}table/orders`;

function request(method: string, address: string, headers: Record<string, string> = {}): AwsRequest {
  const { pathname: path, searchParams: query } = new URL(address, 'http://127.0.0.1');
  return { method, path, query, headers, body: Buffer.alloc(0), region: 'us-east-1', caller: administrator };
}

/** As `action resource`, one for each that has to be allowed. */
const said = (wanted: readonly { action: string; resource: string }[]) =>
  wanted.map(({ action, resource }) => `${action} ${resource}`);

describe('what an operation has to be allowed to do', () => {
  test.each<[string, Record<string, unknown>, string[]]>([
    ['PutItem', { TableName: 'orders' }, [`dynamodb:PutItem ${table}`]],
    ['GetItem', { TableName: table }, [`dynamodb:GetItem ${table}`]],
    ['Query', { TableName: 'orders', IndexName: 'lists' }, [`dynamodb:Query ${table}/index/lists`]],
    ['ListTables', {}, ['dynamodb:ListTables *']],
    [
      'BatchGetItem',
      { RequestItems: { orders: {}, other: {} } },
      [`dynamodb:BatchGetItem ${table}`, `dynamodb:BatchGetItem ${tables}table/other`],
    ],
    [
      'TransactWriteItems',
      { TransactItems: [{ Put: { TableName: 'orders' } }, { ConditionCheck: { TableName: 'orders' } }] },
      [`dynamodb:PutItem ${table}`, `dynamodb:ConditionCheckItem ${table}`],
    ],
    [
      'ExecuteStatement',
      { Statement: 'SELECT * FROM "orders"."lists" WHERE a = 1' },
      [`dynamodb:PartiQLSelect ${table}/index/lists`],
    ],
    [
      'ExecuteStatement',
      { Statement: "delete from orders where id = 'x'" },
      [`dynamodb:PartiQLDelete ${table}`],
    ],
    ['GetRecords', { ShardIterator: `000|${table}/stream/1|abc` }, [`dynamodb:GetRecords ${table}/stream/1`]],
    ['TagResource', { ResourceArn: table }, [`dynamodb:TagResource ${table}`]],
  ])('with tables: %s of %j', (operation, input, expected) => {
    expect(said(wantedOfDynamodb(operation, input, tables))).toEqual(expected);
  });

  const parameter = `arn:aws:ssm:us-east-1:${account}:parameter`;
  test.each<[string, Record<string, unknown>, string[]]>([
    ['GetParameter', { Name: '/a/b:3' }, [`ssm:GetParameter ${parameter}/a/b`]],
    ['GetParameter', { Name: 'plain:live' }, [`ssm:GetParameter ${parameter}/plain`]],
    ['GetParameter', { Name: `${parameter}/a:1` }, [`ssm:GetParameter ${parameter}/a`]],
    [
      'GetParameters',
      { Names: ['/a', 'b'] },
      [`ssm:GetParameters ${parameter}/a`, `ssm:GetParameters ${parameter}/b`],
    ],
    ['GetParametersByPath', { Path: '/a' }, [`ssm:GetParametersByPath ${parameter}/a`]],
    ['DescribeParameters', {}, ['ssm:DescribeParameters *']],
    [
      'AddTagsToResource',
      { ResourceType: 'Parameter', ResourceId: '/a' },
      [`ssm:AddTagsToResource ${parameter}/a`],
    ],
  ])('with parameters: %s of %j', (operation, input, expected) => {
    expect(said(wantedOfParameters(operation, input, parameter))).toEqual(expected);
  });

  const secret = `arn:aws:secretsmanager:us-east-1:${account}:secret:`;
  test.each<[string, Record<string, unknown>, string[]]>([
    ['GetSecretValue', { SecretId: 'db' }, [`secretsmanager:GetSecretValue ${secret}db-AbCdEf`]],
    ['GetSecretValue', { SecretId: 'none' }, [`secretsmanager:GetSecretValue ${secret}none`]],
    ['CreateSecret', { Name: 'new' }, [`secretsmanager:CreateSecret ${secret}new-xxxxxx`]],
    ['ListSecrets', {}, ['secretsmanager:ListSecrets *']],
  ])('with secrets: %s of %j', (operation, input, expected) => {
    const arnOf = (id: string) => (id === 'db' ? `${secret}db-AbCdEf` : undefined);
    expect(said(wantedOfSecrets(operation, input, secret, arnOf))).toEqual(expected);
  });

  const schedules = `arn:aws:scheduler:us-east-1:${account}`;
  test.each<[string, string, string[]]>([
    ['GET', '/schedules', ['scheduler:ListSchedules *']],
    ['POST', '/schedules/s', [`scheduler:CreateSchedule ${schedules}:schedule/default/s`]],
    ['DELETE', '/schedules/s?groupName=g', [`scheduler:DeleteSchedule ${schedules}:schedule/g/s`]],
    ['GET', '/schedule-groups/g', [`scheduler:GetScheduleGroup ${schedules}:schedule-group/g`]],
    [
      'POST',
      `/tags/${encodeURIComponent(`${schedules}:schedule-group/g`)}`,
      [`scheduler:TagResource ${schedules}:schedule-group/g`],
    ],
  ])('with schedules: %s %s', (method, address, expected) => {
    expect(said(wantedOfScheduler(request(method, address), schedules))).toEqual(expected);
  });

  test.each<[string, Record<string, unknown>, string[]]>([
    [
      'PutEvents',
      { Entries: [{ EventBusName: 'shop' }, { EventBusName: 'shop' }, {}] },
      ['events:PutEvents …event-bus/shop', 'events:PutEvents …event-bus/default'],
    ],
    ['PutRule', { Name: 'r', EventBusName: 'shop' }, ['events:PutRule …rule/shop/r']],
    ['PutTargets', { Rule: 'r' }, ['events:PutTargets …rule/r']],
    ['PutRule', { Name: 'r', RoleArn: 'one' }, ['events:PutRule …rule/r', 'iam:PassRole one']],
    [
      'PutTargets',
      { Rule: 'r', Targets: [{ RoleArn: 'one' }, {}, null, { RoleArn: 'two' }, { RoleArn: 'one' }] },
      ['events:PutTargets …rule/r', 'iam:PassRole one', 'iam:PassRole two'],
    ],
    ['ListRules', { EventBusName: 'shop' }, ['events:ListRules *']],
  ])('with events: %s of %j', (operation, input, expected) => {
    const prefix = `arn:aws:events:us-east-1:${account}`;
    expect(
      said(wantedOfEvents(operation, input, prefix)).map((each) => each.replace(`${prefix}:`, '…')),
    ).toEqual(expected);
  });

  test.each<[string, string, Record<string, string>, string[]]>([
    ['GET', 'a/b', {}, ['s3:GetObject arn:aws:s3:::site/a/b']],
    ['HEAD', 'a', {}, ['s3:GetObject arn:aws:s3:::site/a']],
    ['DELETE', 'a', {}, ['s3:DeleteObject arn:aws:s3:::site/a']],
    [
      'PUT',
      'a',
      { 'x-amz-copy-source': '/other/b%20c' },
      ['s3:GetObject arn:aws:s3:::other/b c', 's3:PutObject arn:aws:s3:::site/a'],
    ],
    ['GET', '', {}, ['s3:ListBucket arn:aws:s3:::site']],
  ])('with objects: %s /%s %j', (method, key, headers, expected) => {
    expect(said(wantedOfS3(request(method, `/site/${key}`, headers), 'site', key))).toEqual(expected);
  });

  test('with queues: a batch is what its parts are', () => {
    const input = { QueueUrl: 'http://127.0.0.1:4566/000000000000/jobs' };
    expect(said(wantedOfQueues('SendMessageBatch', input, 'q:'))).toEqual(['sqs:SendMessage q:jobs']);
    expect(said(wantedOfQueues('ListQueues', {}, 'q:'))).toEqual(['sqs:ListQueues *']);
  });

  test('with functions: the version counts, and what is asked of it', () => {
    const functions = '/2015-03-31/functions';
    const asked = (method: string, path: string) => said(wantedOfLambda(request(method, path), 'l:'));
    expect(asked('POST', `${functions}/f/invocations?Qualifier=live`)).toEqual([
      'lambda:InvokeFunction l:function:f:live',
    ]);
    expect(asked('GET', `${functions}/f`)).toEqual(['lambda:GetFunction l:function:f']);
    expect(asked('GET', `${functions}/f/configuration`)).toEqual([
      'lambda:GetFunctionConfiguration l:function:f',
    ]);
    expect(asked('GET', functions)).toEqual(['lambda:ListFunctions *']);
    expect(asked('GET', '/2015-03-31/event-source-mappings/id')).toEqual([
      'lambda:GetEventSourceMapping l:event-source-mapping:id',
    ]);
  });

  test('with a role that is handed to a service: that it may be', () => {
    const sent = (method: string, address: string, fields: object) => ({
      ...request(method, address),
      body: Buffer.from(JSON.stringify(fields)),
    });
    const create = sent('POST', '/2015-03-31/functions', { FunctionName: 'f', Role: 'role' });
    expect(said(wantedOfLambda(create, 'p:'))).toEqual([
      'lambda:CreateFunction p:function:f',
      'iam:PassRole role',
    ]);
    const update = sent('PUT', '/2015-03-31/functions/f/configuration', { Role: 'role' });
    expect(said(wantedOfLambda(update, 'p:'))).toContain('iam:PassRole role');
    const code = sent('PUT', '/2015-03-31/functions/f/code', { Role: 'role' });
    expect(said(wantedOfLambda(code, 'p:'))).toEqual(['lambda:UpdateFunctionCode p:function:f']);
    expect(said(wantedOfStates('CreateStateMachine', { name: 'm', roleArn: 'role' }, 's'))).toEqual([
      'states:CreateStateMachine s:stateMachine:m',
      'iam:PassRole role',
    ]);
    const schedule = sent('POST', '/schedules/s', { Target: { RoleArn: 'role' } });
    expect(said(wantedOfScheduler(schedule, 'p'))).toEqual([
      'scheduler:CreateSchedule p:schedule/default/s',
      'iam:PassRole role',
    ]);
  });

  test('with logs: always a stream, whose name may be empty', () => {
    expect(said(wantedOfLogs('PutLogEvents', { logGroupName: 'g', logStreamName: 's' }, 'p:'))).toEqual([
      'logs:PutLogEvents p:g:log-stream:s',
    ]);
    expect(
      said(
        wantedOfLogs(
          'StartQuery',
          { logGroupIdentifiers: ['arn:aws:logs:us-east-1:1:log-group:g:*', 'h'] },
          'p:',
        ),
      ),
    ).toEqual(['logs:StartQuery p:g:log-stream:', 'logs:StartQuery p:h:log-stream:']);
    expect(said(wantedOfLogs('PutSubscriptionFilter', { logGroupName: 'g', roleArn: 'role' }, 'p:'))).toEqual(
      ['logs:PutSubscriptionFilter p:g:log-stream:', 'iam:PassRole role'],
    );
    expect(said(wantedOfLogs('DescribeLogGroups', {}, 'p:'))).toEqual([
      'logs:DescribeLogGroups p::log-stream:',
    ]);
  });

  test('with alarms and dashboards, each by its name, and with metrics, which have none', () => {
    const here = { region: 'us-east-1', accountId: account };
    expect(said(wantedOfCloudwatch('DeleteAlarms', { AlarmNames: ['a', 'b'] }, here))).toEqual([
      `cloudwatch:DeleteAlarms arn:aws:cloudwatch:us-east-1:${account}:alarm:a`,
      `cloudwatch:DeleteAlarms arn:aws:cloudwatch:us-east-1:${account}:alarm:b`,
    ]);
    expect(said(wantedOfCloudwatch('GetDashboard', { DashboardName: 'd' }, here))).toEqual([
      `cloudwatch:GetDashboard arn:aws:cloudwatch::${account}:dashboard/d`,
    ]);
    expect(said(wantedOfCloudwatch('GetMetricData', {}, here))).toEqual(['cloudwatch:GetMetricData *']);
  });

  test('with executions, traces and pools', () => {
    expect(said(wantedOfStates('StartExecution', { stateMachineArn: 'm' }))).toEqual([
      'states:StartExecution m',
    ]);
    expect(said(wantedOfStates('DescribeExecution', { executionArn: 'e' }))).toEqual([
      'states:DescribeExecution e',
    ]);
    expect(said(wantedOfXray(request('POST', '/Traces')))).toEqual(['xray:BatchGetTraces *']);
    expect(said(wantedOfUserPools('AdminGetUser', { UserPoolId: 'p' }, 'u/'))).toEqual([
      'cognito-idp:AdminGetUser u/p',
    ]);
    expect(wantedOfUserPools('InitiateAuth', { ClientId: 'c' }, 'u/')).toEqual([]);
  });
});
