import { describe, expect, test, vi } from 'vitest';
import { AwsError } from '../../core/errors.ts';
import {
  failure,
  functionArn,
  invoke,
  machineArn,
  never,
  one,
  output,
  stepFunctionsFixture,
  task,
} from './testing.ts';

const fixture = stepFunctionsFixture();

describe('an execution', () => {
  test('hands data from state to state', async () => {
    const result = await fixture.run(
      {
        StartAt: 'Shape',
        States: {
          Shape: {
            Type: 'Pass',
            Parameters: { 'id.$': '$.detail.id', k: 1 },
            ResultPath: '$.shaped',
            Next: 'Work',
          },
          Work: {
            ...task({ End: undefined, InputPath: '$.shaped', ResultSelector: { 'got.$': '$.id' } }),
            ResultPath: '$.worked',
            Next: 'Decide',
          },
          Decide: {
            Type: 'Choice',
            Choices: [{ Variable: '$.worked.got', NumericGreaterThan: 5, Next: 'Done' }],
            Default: 'Wrong',
          },
          Wrong: { Type: 'Fail', Error: 'TooSmall', Cause: 'c' },
          Done: { Type: 'Succeed', OutputPath: '$.worked' },
        },
      },
      { detail: { id: 7 } },
    );
    expect(result).toMatchObject({ status: 'SUCCEEDED', stateMachineArn: machineArn });
    expect(output(result)).toEqual({ got: 7 });
    expect(invoke).toHaveBeenCalledExactlyOnceWith(functionArn('f'), { id: 7, k: 1 }, { background: false });
  });

  test('runs branches and items, in order of their place', async () => {
    const result = await fixture.run(
      {
        StartAt: 'Both',
        States: {
          Both: {
            Type: 'Parallel',
            Branches: [
              one({ Type: 'Pass', Result: 1, End: true }, 'First'),
              {
                StartAt: 'Each',
                States: {
                  Each: {
                    Type: 'Map',
                    ItemsPath: '$.items',
                    MaxConcurrency: 2,
                    ItemSelector: {
                      'i.$': '$$.Map.Item.Index',
                      'v.$': '$$.Map.Item.Value',
                      'all.$': '$.tag',
                    },
                    ItemProcessor: one(task()),
                    End: true,
                  },
                },
              },
            ],
            End: true,
          },
        },
      },
      { items: ['a', 'b', 'c'], tag: 't' },
    );
    expect(output(result)).toEqual([
      1,
      [
        { i: 0, v: 'a', all: 't' },
        { i: 1, v: 'b', all: 't' },
        { i: 2, v: 'c', all: 't' },
      ],
    ]);
  });

  test('retries what a retrier covers, then catches by the name of the error', async () => {
    invoke
      .mockRejectedValueOnce(new AwsError('TooManyRequestsException', 'Rate exceeded', 429))
      .mockResolvedValueOnce(failure('Conflict'));
    const result = await fixture.run(
      {
        StartAt: 'Work',
        States: {
          Work: task({
            Retry: [
              { ErrorEquals: ['Lambda.TooManyRequestsException'], IntervalSeconds: 1, MaxDelaySeconds: 1 },
            ],
            Catch: [{ ErrorEquals: ['Conflict'], ResultPath: '$.failure', Next: 'Caught' }],
          }),
          Caught: { Type: 'Succeed' },
        },
      },
      { a: 1 },
    );
    expect(invoke).toHaveBeenCalledTimes(2);
    expect(output(result)).toEqual({
      a: 1,
      failure: { Error: 'Conflict', Cause: '{"errorType":"Conflict","errorMessage":"no"}' },
    });
  });

  test('fails with error and cause, and the failure of a branch ends the others', async () => {
    invoke.mockImplementation(async (name) => (name.endsWith('bad') ? failure('Broken') : never()));
    const result = await fixture.run(
      one({
        Type: 'Parallel',
        Branches: [one(task(), 'Slow'), one(task({ Resource: functionArn('bad') }), 'Bad')],
        End: true,
      }),
    );
    expect(result).toMatchObject({ status: 'FAILED', error: 'Broken' });
  });

  test('times out a task that takes too long', async () => {
    invoke.mockReturnValue(never());
    const result = await fixture.run(one(task({ TimeoutSeconds: 1 })));
    expect(result).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  });

  test('calls a function through lambda:invoke', async () => {
    const resource = 'arn:aws:states:::lambda:invoke';
    const result = await fixture.run(
      one(
        task({
          Resource: resource,
          Parameters: { FunctionName: 'f', 'Payload.$': '$' },
          OutputPath: '$.Payload',
        }),
      ),
      { a: 1 },
    );
    expect(output(result)).toEqual({ a: 1 });
  });

  test('puts events with the execution as a resource', async () => {
    const put = vi.fn().mockResolvedValue(['id-1']);
    fixture.cloud.ports.buses = { put };
    const Entries = [{ Source: 's', DetailType: 't', EventBusName: 'b', 'Detail.$': '$' }];
    await fixture.run(one(task({ Resource: 'arn:aws:states:::events:putEvents', Parameters: { Entries } })), {
      a: 1,
    });
    expect(put).toHaveBeenCalledWith([
      {
        source: 's',
        detailType: 't',
        busName: 'b',
        detail: { a: 1 },
        resources: [expect.stringContaining(':express:m:'), machineArn],
      },
    ]);
  });
});
