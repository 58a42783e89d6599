import { beforeEach, describe, expect, test, vi } from 'vitest';
import { testResource } from '../../core/testing.ts';
import { failure, invoke, machineArn, one, roleArn, stepFunctionsFixture, task } from './testing.ts';

const fixture = stepFunctionsFixture();
const { call } = { call: (name: string, input: Record<string, unknown>) => fixture.call(name, input) };

const pass = (result: unknown) => JSON.stringify(one({ Type: 'Pass', Result: result, End: true }));
const machine = { name: 'm', definition: pass(1), roleArn };
const refused = (work: Promise<unknown>, code: string) => expect(work).rejects.toMatchObject({ code });

beforeEach(async () => {
  for (const result of [1, 2]) {
    await fixture.trust(JSON.parse(pass(result)), 'STANDARD');
    await fixture.trust(JSON.parse(pass(result)), 'EXPRESS');
  }
});

describe('a state machine made through the API', () => {
  test('outlasts a restart as it was changed', async () => {
    await call('CreateStateMachine', { ...machine, tags: [{ key: 'a', value: '1' }] });
    const { revisionId } = await call('UpdateStateMachine', {
      stateMachineArn: machineArn,
      definition: pass(2),
    });
    await fixture.open();
    expect(await call('DescribeStateMachine', { stateMachineArn: machineArn })).toMatchObject({
      definition: pass(2),
      revisionId,
      type: 'STANDARD',
      status: 'ACTIVE',
    });
    expect(await call('ListTagsForResource', { resourceArn: machineArn })).toEqual({
      tags: [{ key: 'a', value: '1' }],
    });
  });

  test('is answered when created again as it is, and refused when it is another', async () => {
    const first = await call('CreateStateMachine', machine);
    expect(await call('CreateStateMachine', machine)).toEqual(first);
    await refused(
      call('CreateStateMachine', { ...machine, definition: pass(2) }),
      'StateMachineAlreadyExists',
    );
    await refused(call('CreateStateMachine', { ...machine, name: 'a b' }), 'InvalidName');
    await refused(call('UpdateStateMachine', { stateMachineArn: machineArn }), 'MissingRequiredParameter');
  });

  test('takes its executions with it when it is deleted', async () => {
    await call('CreateStateMachine', machine);
    const { executionArn } = await call('StartExecution', { stateMachineArn: machineArn });
    await call('DeleteStateMachine', { stateMachineArn: machineArn });
    await refused(call('DescribeExecution', { executionArn }), 'ExecutionDoesNotExist');
    await refused(call('DescribeStateMachine', { stateMachineArn: machineArn }), 'StateMachineDoesNotExist');
  });
});

describe('versions and aliases', () => {
  test('are published once as long as nothing changed, and run what they hold', async () => {
    const { stateMachineVersionArn: first } = await call('CreateStateMachine', { ...machine, publish: true });
    expect(first).toBe(`${machineArn}:1`);
    expect(await call('PublishStateMachineVersion', { stateMachineArn: machineArn })).toMatchObject({
      stateMachineVersionArn: first,
    });
    await call('UpdateStateMachine', { stateMachineArn: machineArn, definition: pass(2), publish: true });
    const second = `${machineArn}:2`;
    expect(await call('ListStateMachineVersions', { stateMachineArn: machineArn })).toMatchObject({
      stateMachineVersions: [{ stateMachineVersionArn: second }, { stateMachineVersionArn: first }],
    });
    const route = (arn: unknown) => [{ stateMachineVersionArn: arn, weight: 100 }];
    const { stateMachineAliasArn } = await call('CreateStateMachineAlias', {
      name: 'live',
      routingConfiguration: route(first),
    });
    const outputOf = async (stateMachineArn: unknown) => {
      const { executionArn } = await call('StartExecution', { stateMachineArn });
      await vi.waitFor(async () =>
        expect(await call('DescribeExecution', { executionArn })).toMatchObject({ status: 'SUCCEEDED' }),
      );
      return call('DescribeExecution', { executionArn });
    };
    expect(await outputOf(stateMachineAliasArn)).toMatchObject({
      output: '1',
      stateMachineAliasArn,
      stateMachineVersionArn: first,
    });
    await call('UpdateStateMachineAlias', { stateMachineAliasArn, routingConfiguration: route(second) });
    await fixture.open();
    expect(await outputOf(stateMachineAliasArn)).toMatchObject({
      output: '2',
      stateMachineVersionArn: second,
    });
    await refused(call('DeleteStateMachineVersion', { stateMachineVersionArn: second }), 'ConflictException');
    const listed = await call('ListExecutions', { stateMachineArn: stateMachineAliasArn });
    expect(listed['executions']).toHaveLength(2);
  });

  test('share executions by weight, which is 100 in all', async () => {
    await call('CreateStateMachine', { ...machine, publish: true });
    const stateMachineVersionArn = `${machineArn}:1`;
    const alias = (routingConfiguration: unknown) =>
      call('CreateStateMachineAlias', { name: 'live', routingConfiguration });
    await refused(alias([{ stateMachineVersionArn, weight: 50 }]), 'ValidationException');
    await refused(alias([{ stateMachineVersionArn: `${machineArn}:9`, weight: 100 }]), 'ResourceNotFound');
  });

  test('are made by the Terraform', async () => {
    const apply = async (type: string, desired: Record<string, unknown>) =>
      fixture.service.resources[type]?.apply(testResource(type, 'it', desired), undefined);
    const made = await apply('aws_sfn_state_machine', {
      ...{ name: 'm', role_arn: roleArn, definition: pass(1), publish: true },
    });
    expect(made).toMatchObject({ state_machine_version_arn: `${machineArn}:1` });
    const alias = await apply('aws_sfn_alias', {
      name: 'live',
      routing_configuration: [{ state_machine_version_arn: `${machineArn}:1`, weight: 100 }],
    });
    expect(alias).toMatchObject({ arn: `${machineArn}:live` });
    expect(await apply('aws_sfn_activity', { name: 'paint' })).toMatchObject({
      id: 'arn:aws:states:us-east-1:000000000000:activity:paint',
    });
  });
});

describe('a definition that is wrong', () => {
  const found = async (definition: unknown, type = 'STANDARD') => {
    const text = typeof definition === 'string' ? definition : JSON.stringify(definition);
    const answer = await call('ValidateStateMachineDefinition', { definition: text, type });
    expect(answer).toMatchObject({ result: 'FAIL', truncated: false });
    return (answer['diagnostics'] as { code: string; location?: string; message: string }[]).map(
      ({ code, location = '', message }) => `${code} ${location} ${message}`,
    );
  };
  const machineOf = (state: object) => one({ Type: 'Pass', End: true, ...state });
  const schema = 'SCHEMA_VALIDATION_FAILED';

  test.each<[string, unknown, string[]]>([
    ['empty', '', [`${schema}  Definition must be a valid JSON object`]],
    ['without anything', {}, [`${schema} / These fields are required: [States, StartAt]`]],
    [
      'with a path that is none',
      machineOf({ Parameters: { 'a.$': 'x' } }),
      [
        `${schema} /States/Only/Parameters The value for the field 'a.$' must be a valid JSONPath or a valid intrinsic function call`,
      ],
    ],
    [
      'with a place for a result that is many',
      machineOf({ ResultPath: '$.a[*]' }),
      [`${schema} /States/Only/ResultPath Value is not a Reference Path`],
    ],
    [
      'with a function that is none',
      machineOf({ Parameters: { 'a.$': 'States.Nothing($.a)' } }),
      [expect.stringContaining('/States/Only/Parameters')],
    ],
    [
      'with an item batcher in an inline Map',
      one({
        Type: 'Map',
        ItemBatcher: {},
        ItemProcessor: one({ Type: 'Pass', End: true }, 'Item'),
        End: true,
      }),
      [`${schema} /States/Only/ItemBatcher The local cloud does not support ItemBatcher (distributed Map)`],
    ],
    [
      'with a resource that is none',
      one(task({ Resource: 'x' })),
      [`${schema} /States/Only/Resource Value is not a valid resource ARN`],
    ],
    [
      'with a request over HTTP',
      one(task({ Resource: 'arn:aws:states:::http:invoke' })),
      [expect.stringContaining('does not support the resource arn:aws:states:::http:invoke')],
    ],
    [
      'with an operation that a service does not have',
      one(task({ Resource: 'arn:aws:states:::aws-sdk:dynamodb:fly' })),
      [expect.stringContaining('/States/Only/Resource')],
    ],
    [
      'with a variable of around it',
      {
        StartAt: 'A',
        States: {
          A: { Type: 'Pass', Assign: { v: 1 }, Next: 'B' },
          B: {
            Type: 'Parallel',
            Branches: [one({ Type: 'Pass', Assign: { v: 2 }, End: true }, 'C')],
            End: true,
          },
        },
      },
      [
        `${schema} /States/B/Branches[0]/States/C/Assign The variable 'v' is already assigned in an outer scope`,
      ],
    ],
    [
      'with States.ALL beside others',
      one(task({ Retry: [{ ErrorEquals: ['States.ALL', 'A'], BackoffRate: 0.5 }] })),
      [
        `${schema} /States/Only/Retry[0]/ErrorEquals 'States.ALL' must appear alone, in the last of the list`,
        `${schema} /States/Only/Retry[0]/BackoffRate Value must be a number of at least 1`,
      ],
    ],
    [
      'with a heartbeat longer than its timeout',
      one(task({ TimeoutSeconds: 5, HeartbeatSeconds: 5 })),
      [expect.stringContaining('HeartbeatSeconds must be smaller than TimeoutSeconds')],
    ],
    [
      'with a state that nothing leads to',
      { StartAt: 'A', States: { A: { Type: 'Succeed' }, B: { Type: 'Succeed' } } },
      ['MISSING_TRANSITION_TARGET /States/B State "B" is not reachable.'],
    ],
  ])('%s is told with its place', async (_, definition, expected) => {
    expect(await found(definition)).toEqual(expected);
  });

  test('for its type is told with its place', async () => {
    const waits = one(task({ Resource: 'arn:aws:states:::states:startExecution.sync:2' }));
    expect(await found(waits, 'EXPRESS')).toEqual([
      `${schema} /States/Only/Resource Express state machine does not support '.sync' service integration`,
    ]);
  });
});

describe('one state', () => {
  const tried = (state: object, input: unknown = {}) =>
    call('TestState', { definition: JSON.stringify(state), roleArn, input: JSON.stringify(input) });

  test('is tried alone, and says what would come next', async () => {
    const choice = {
      Type: 'Choice',
      Choices: [{ Variable: '$.a', IsPresent: true, Next: 'Yes' }],
      Default: 'No',
    };
    expect(await tried(choice, { a: 1 })).toEqual({
      status: 'SUCCEEDED',
      output: '{"a":1}',
      nextState: 'Yes',
    });
  });

  test('that fails says whether it would be retried or caught', async () => {
    invoke.mockResolvedValue(failure('Broken'));
    const Retry = [{ ErrorEquals: ['Broken'] }];
    const Catch = [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }];
    expect(await tried(task())).toMatchObject({ status: 'FAILED', error: 'Broken' });
    expect(await tried(task({ Retry }))).toMatchObject({ status: 'RETRIABLE', error: 'Broken' });
    expect(await tried(task({ Catch }))).toMatchObject({ status: 'CAUGHT_ERROR', nextState: 'Caught' });
  });
});
