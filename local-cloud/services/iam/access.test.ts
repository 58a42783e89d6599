import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Caller } from '../../core/access.ts';
import { passRole } from '../../core/pass-role.ts';
import type { Attributes, Service } from '../../core/service.ts';
import { createTestCloud, type TestCloud, testResource } from '../../core/testing.ts';
import { createIam } from './index.ts';

let cloud: TestCloud;
let iam: Service;
const roleArn = 'arn:aws:iam::000000000000:role/writer';
const writer: Caller = { type: 'role', roleArn, session: 'writer' };
const tableArn = 'arn:aws:dynamodb:us-east-1:000000000000:table/orders';
const queueArn = 'arn:aws:sqs:us-east-1:000000000000:jobs';

beforeEach(async () => {
  cloud = createTestCloud();
  iam = await createIam(cloud);
  await apply('aws_iam_role', 'writer', {
    name: 'writer',
    assume_role_policy: policy({ Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }),
  });
});
afterEach(() => cloud.remove());

async function apply(type: string, name: string, desired: Attributes): Promise<Attributes | undefined> {
  return iam.resources[type]?.apply(testResource(type, name, desired), undefined);
}

function policy(...statements: Attributes[]): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: statements.map((statement) => ({ Effect: 'Allow', ...statement })),
  });
}

async function grant(...statements: Attributes[]): Promise<void> {
  await apply('aws_iam_role_policy', 'permissions', {
    name: 'permissions',
    role: 'writer',
    policy: policy(...statements),
  });
}

/** Undefined where the call is allowed, else the message of the refusal. */
function refusal(caller: Caller, action: string, resource: string, context?: Record<string, string>) {
  try {
    cloud.ports.access.require(caller, { action, resource, ...(context ? { context } : {}) });
  } catch (error) {
    return (error as Error).message;
  }
  return undefined;
}

describe('a role', () => {
  test('may do what a policy of its own allows, and nothing else', async () => {
    await grant({ Action: ['dynamodb:Put*'], Resource: tableArn });
    expect(refusal(writer, 'dynamodb:PutItem', tableArn)).toBeUndefined();
    expect(refusal(writer, 'DynamoDB:putitem', tableArn)).toBeUndefined();
    expect(refusal(writer, 'dynamodb:PutItem', `${tableArn}2`)).toContain('no identity-based policy allows');
    expect(refusal(writer, 'dynamodb:GetItem', tableArn)).toBe(
      `User: arn:aws:sts::000000000000:assumed-role/writer/writer is not authorized to perform: dynamodb:GetItem on resource: ${tableArn} because no identity-based policy allows the dynamodb:GetItem action`,
    );
  });

  test('may hand a role to the services to which it is allowed to, and to no others', async () => {
    await grant({
      Action: 'iam:PassRole',
      Resource: roleArn,
      Condition: { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } },
    });
    const passed = (service: string, role: string) => {
      const [wanted] = passRole(service, role);
      return wanted && refusal(writer, wanted.action, wanted.resource, wanted.context);
    };
    expect(passed('lambda.amazonaws.com', roleArn)).toBeUndefined();
    expect(passed('events.amazonaws.com', roleArn)).toContain('allows the iam:PassRole action');
    expect(passed('lambda.amazonaws.com', `${roleArn}2`)).toContain('allows the iam:PassRole action');
  });

  test('may do nothing that a policy denies, whatever another allows', async () => {
    await grant(
      { Action: '*', Resource: '*' },
      { Effect: 'Deny', Action: 'dynamodb:DeleteTable', Resource: '*' },
    );
    expect(refusal(writer, 'dynamodb:PutItem', tableArn)).toBeUndefined();
    expect(refusal(writer, 'dynamodb:DeleteTable', tableArn)).toContain(
      'explicit deny in an identity-based policy',
    );
  });

  test('may do everything but what is named, by NotAction and NotResource', async () => {
    await grant({ NotAction: ['iam:*'], NotResource: [`${tableArn}/index/*`] });
    expect(refusal(writer, 'dynamodb:Query', tableArn)).toBeUndefined();
    expect(refusal(writer, 'dynamodb:Query', `${tableArn}/index/lists`)).toBeDefined();
    expect(refusal(writer, 'iam:GetRole', roleArn)).toBeDefined();
  });

  test('acts by attached policies too, also those that AWS keeps', async () => {
    const kept = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
    await apply('aws_iam_role_policy_attachment', 'logs', { role: 'writer', policy_arn: kept });
    const group = 'arn:aws:logs:us-east-1:000000000000:log-group:any:log-stream:one';
    expect(refusal(writer, 'logs:PutLogEvents', group)).toBeUndefined();
    await expect(
      apply('aws_iam_role_policy_attachment', 'other', {
        role: 'writer',
        policy_arn: 'arn:aws:iam::aws:policy/Unheard',
      }),
    ).rejects.toThrow('arn:aws:iam::aws:policy/Unheard is not known to the local cloud');
  });

  test('that does not stand may do nothing', () => {
    const nobody: Caller = { type: 'role', roleArn: `${roleArn}2`, session: 'x' };
    expect(refusal(nobody, 'sqs:SendMessage', queueArn)).toContain('not authorized');
  });

  test('is assumed by the services that its trust policy names', () => {
    const trust = (arn: string, service: string) => () => cloud.ports.access.requireTrust(arn, service);
    expect(trust(roleArn, 'lambda.amazonaws.com')).not.toThrow();
    expect(trust(roleArn, 'states.amazonaws.com')).toThrow('cannot be assumed by states.amazonaws.com');
    expect(trust(`${roleArn}2`, 'lambda.amazonaws.com')).toThrow('does not exist');
  });

  test('has one set of credentials for each session, which tell whose they are', () => {
    const credentials = cloud.ports.access.assume(roleArn, 'writer');
    expect(cloud.ports.access.assume(roleArn, 'writer')).toEqual(credentials);
    expect(cloud.ports.access.identityOf(credentials.accessKeyId)).toMatchObject({ caller: writer });
    expect(cloud.ports.access.identityOf('ASIAUNKNOWN')).toBeUndefined();
  });
});

describe('a condition', () => {
  test.each([
    [{ StringEquals: { 'aws:RequestedRegion': ['eu-west-1', 'us-east-1'] } }, true],
    [{ StringNotEquals: { 'aws:RequestedRegion': ['eu-west-1', 'us-east-1'] } }, false],
    [{ StringLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/w?iter' } }, true],
    [{ StringEqualsIgnoreCase: { 'custom:color': 'RED' } }, true],
    [{ StringEquals: { 'custom:absent': 'x' } }, false],
    [{ StringEqualsIfExists: { 'custom:absent': 'x' } }, true],
    [{ StringNotEquals: { 'custom:absent': 'x' } }, true],
    [{ Null: { 'custom:absent': 'true' } }, true],
    [{ Null: { 'custom:color': 'true' } }, false],
    [{ Bool: { 'aws:SecureTransport': 'true' } }, true],
    [{ NumericLessThan: { 'custom:size': '11' } }, true],
    [{ NumericGreaterThanEquals: { 'custom:size': 11 } }, false],
    [{ DateGreaterThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' } }, true],
    [{ DateLessThan: { 'aws:EpochTime': '2020-01-01T00:00:00Z' } }, false],
    [{ IpAddress: { 'custom:ip': '10.1.0.0/16' } }, true],
    [{ NotIpAddress: { 'custom:ip': '10.1.0.0/16' } }, false],
    [{ ArnLike: { 'custom:arn': 'arn:aws:sns:*:*:t*' } }, true],
    [{ 'ForAllValues:StringEquals': { 'custom:absent': ['x'] } }, true],
    [{ 'ForAnyValue:StringEquals': { 'custom:absent': ['x'] } }, false],
    [{ StringEquals: { 'custom:color': 'red' }, Bool: { 'aws:SecureTransport': 'false' } }, false],
  ])('%j is met: %s', async (condition, met) => {
    await grant({ Action: 'sqs:*', Resource: '*', Condition: condition });
    const context = {
      'custom:color': 'red',
      'custom:size': '10',
      'custom:ip': '10.1.2.3',
      'custom:arn': 'arn:aws:sns:us-east-1:000000000000:topic',
    };
    expect(refusal(writer, 'sqs:SendMessage', queueArn, context) === undefined).toBe(met);
  });

  test('may stand in a resource as a variable', async () => {
    await grant({ Action: 's3:GetObject', Resource: 'arn:aws:s3:::home/${custom:user}/*' });
    const asked = (user: string) =>
      refusal(writer, 's3:GetObject', 'arn:aws:s3:::home/ann/a.txt', { 'custom:user': user });
    expect(asked('ann')).toBeUndefined();
    expect(asked('bob')).toBeDefined();
    expect(asked('*')).toBeDefined();
  });

  test('with an operator that is not known is refused when it is applied', async () => {
    const unknown = { Action: 'sqs:*', Resource: '*', Condition: { BinaryEquals: { key: 'AAAA' } } };
    await expect(grant(unknown)).rejects.toThrow('condition operator BinaryEquals is not known');
  });
});

describe('a policy of a resource', () => {
  const rule = 'arn:aws:events:us-east-1:000000000000:rule/app/one';
  const events = (sourceArn: string): Caller => ({
    type: 'service',
    service: 'events.amazonaws.com',
    sourceArn,
  });

  test('lets a service in for the resource that it names', async () => {
    await apply('aws_lambda_permission', 'events', {
      function_name: 'worker',
      action: 'lambda:InvokeFunction',
      principal: 'events.amazonaws.com',
      source_arn: rule,
    });
    const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:worker';
    expect(refusal(events(rule), 'lambda:InvokeFunction', functionArn)).toBeUndefined();
    expect(refusal(events(`${rule}2`), 'lambda:InvokeFunction', functionArn)).toContain(
      'no resource-based policy',
    );
    expect(
      refusal(
        { type: 'service', service: 's3.amazonaws.com', sourceArn: rule },
        'lambda:InvokeFunction',
        functionArn,
      ),
    ).toBeDefined();
  });

  test('lets a role in that has no policy for it, and keeps one out that has', async () => {
    await apply('aws_s3_bucket_policy', 'site', {
      bucket: 'site',
      policy: policy(
        { Action: 's3:GetObject', Principal: { AWS: roleArn }, Resource: 'arn:aws:s3:::site/*' },
        { Effect: 'Deny', Action: 's3:DeleteObject', Principal: '*', Resource: 'arn:aws:s3:::site/*' },
      ),
    });
    await grant({ Action: 's3:DeleteObject', Resource: '*' });
    expect(refusal(writer, 's3:GetObject', 'arn:aws:s3:::site/a')).toBeUndefined();
    expect(refusal(writer, 's3:DeleteObject', 'arn:aws:s3:::site/a')).toContain(
      'explicit deny in a resource-based',
    );
    expect(refusal({ type: 'administrator' }, 's3:DeleteObject', 'arn:aws:s3:::site/a')).toContain(
      'explicit deny',
    );
    expect(refusal({ type: 'administrator' }, 's3:PutObject', 'arn:aws:s3:::site/a')).toBeUndefined();
  });

  test('is asked for where a service keeps it itself', () => {
    const document = policy({ Action: 'sqs:SendMessage', Principal: { Service: 'events.amazonaws.com' } });
    cloud.ports.access.addPolicies('sqs', (arn) => (arn === queueArn ? document : undefined));
    expect(refusal(events(rule), 'sqs:SendMessage', queueArn)).toBeUndefined();
    expect(refusal(events(rule), 'sqs:SendMessage', `${queueArn}2`)).toBeDefined();
  });
});

describe('the report', () => {
  test('lists what a role was granted and never used, also after a restart', async () => {
    await grant({ Action: ['sqs:SendMessage', 'sqs:DeleteMessage'], Resource: [queueArn, `${queueArn}2`] });
    expect(cloud.ports.accessReport.unused()).toHaveLength(4);
    expect(refusal(writer, 'sqs:SendMessage', queueArn)).toBeUndefined();
    iam = await createIam(cloud);
    await apply('aws_iam_role', 'writer', {
      name: 'writer',
      assume_role_policy: policy({
        Action: 'sts:AssumeRole',
        Principal: { Service: 'lambda.amazonaws.com' },
      }),
    });
    await grant({ Action: ['sqs:SendMessage', 'sqs:DeleteMessage'], Resource: [queueArn, `${queueArn}2`] });
    expect(cloud.ports.accessReport.unused()).toEqual([
      { role: 'writer', action: 'sqs:SendMessage', resource: `${queueArn}2` },
      { role: 'writer', action: 'sqs:DeleteMessage', resource: queueArn },
      { role: 'writer', action: 'sqs:DeleteMessage', resource: `${queueArn}2` },
    ]);
  });

  test('counts what was refused, and the log says each kind once', () => {
    for (let time = 0; time < 3; time++) refusal(writer, 'sqs:SendMessage', queueArn);
    refusal(writer, 'sqs:SendMessage', `${queueArn}2`);
    expect(cloud.ports.accessReport.denied()).toMatchObject([
      { resource: `${queueArn}2`, count: 1 },
      { resource: queueArn, count: 3, who: 'arn:aws:sts::000000000000:assumed-role/writer/writer' },
    ]);
    expect(cloud.recorded.log.filter(({ level }) => level === 'warn')).toHaveLength(2);
  });
});

describe('a policy document', () => {
  test.each([
    ['no JSON', '{', 'it is no JSON'],
    ['no statement', '{}', 'it has no Statement'],
    [
      'an unknown effect',
      JSON.stringify({ Statement: { Effect: 'Maybe', Action: '*' } }),
      'neither Allow nor Deny',
    ],
    [
      'no action',
      JSON.stringify({ Statement: { Effect: 'Allow', Resource: '*' } }),
      'neither Action nor NotAction',
    ],
    [
      'a field that is not known',
      JSON.stringify({ Statement: { Effect: 'Allow', Actions: '*' } }),
      'unknown field Actions',
    ],
  ])('with %s is refused when it is applied', async (_what, document, reason) => {
    const applied = apply('aws_iam_role_policy', 'p', { name: 'p', role: 'writer', policy: document });
    await expect(applied).rejects.toThrow(reason);
  });
});
