import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { testResource } from '../../../../core/testing.ts';
import { startCloudwatch, type TestCloudwatch } from '../../testing.ts';

const arnOf = (name: string) => `arn:aws:cloudwatch:us-east-1:000000000000:alarm:${name}`;
const action = 'arn:aws:lambda:us-east-1:000000000000:function:page';

let cloudwatch: TestCloudwatch;
const acted: { alarmData: { alarmName: string; state: { value: string } } }[] = [];
let names = 0;

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const targets = {
    async deliver(_arn: string, payload: unknown) {
      acted.push(payload as (typeof acted)[number]);
    },
  };
  cloudwatch = await startCloudwatch({ ports: { targets } });
  await cloudwatch.service.start?.();
});

afterAll(async () => {
  vi.useRealTimers();
  await cloudwatch.stop();
});

const call = <Output = Record<string, unknown>>(name: string, input: Record<string, unknown>) =>
  cloudwatch.call<Output>(name, input);

/** An alarm on a metric that has no points, in the state that is set by hand. */
async function child(state = 'OK'): Promise<string> {
  const AlarmName = `child-${++names}`;
  const metric = {
    Namespace: 'Shop',
    MetricName: 'Errors',
    Statistic: 'Sum',
    Period: 60,
    TreatMissingData: 'ignore',
  };
  const rule = { EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: 'GreaterThanThreshold' };
  await call('PutMetricAlarm', { AlarmName, ...metric, ...rule });
  await set(AlarmName, state);
  return AlarmName;
}

const set = (AlarmName: string, StateValue: string) =>
  call('SetAlarmState', { AlarmName, StateValue, StateReason: 'by hand' });

async function composite(AlarmRule: string, more: Record<string, unknown> = {}): Promise<string> {
  const AlarmName = `composite-${++names}`;
  await call('PutCompositeAlarm', {
    AlarmName,
    AlarmRule,
    AlarmActions: [action],
    OKActions: [action],
    ...more,
  });
  return AlarmName;
}

async function told(AlarmName: string): Promise<Record<string, unknown>> {
  const input = { AlarmNames: [AlarmName], AlarmTypes: ['CompositeAlarm'] };
  const { CompositeAlarms } = await call<{ CompositeAlarms: Record<string, unknown>[] }>(
    'DescribeAlarms',
    input,
  );
  return CompositeAlarms[0] ?? {};
}

const until = (name: string, expected: Record<string, unknown>) =>
  vi.waitFor(async () => expect(await told(name)).toMatchObject(expected), { timeout: 5_000 });

const actionsOf = (name: string) =>
  acted.filter(({ alarmData }) => alarmData.alarmName === name).map(({ alarmData }) => alarmData.state.value);

/** The evaluation that time alone would bring, without waiting for it. */
async function evaluateNow(): Promise<void> {
  await cloudwatch.service.stop?.();
  await cloudwatch.service.start?.();
}

describe('a composite alarm', () => {
  it('follows its alarms, says why, tells the bus, and takes its actions', async () => {
    const [one, two] = [await child(), await child()];
    const name = await composite(`ALARM("${one}") OR ALARM(${arnOf(two)})`);
    await until(name, {
      StateValue: 'OK',
      StateReason: `${arnOf(name)} was created and its alarm rule evaluates to OK`,
    });
    vi.setSystemTime(Date.now() + 1_000);
    await set(two, 'ALARM');
    await until(name, {
      StateValue: 'ALARM',
      StateReason: expect.stringMatching(
        new RegExp(
          `^${arnOf(two)} transitioned to ALARM at \\w+ \\d+ \\w+, \\d{4} \\d\\d:\\d\\d:\\d\\d UTC$`,
          'u',
        ),
      ),
    });
    await vi.waitFor(() => expect(actionsOf(name)).toEqual(['OK', 'ALARM']));
    const event = cloudwatch.events.findLast(
      ({ resources, detailType }) => resources?.[0] === arnOf(name) && detailType.includes('State'),
    );
    expect(event?.detail).toMatchObject({
      alarmName: name,
      state: { value: 'ALARM' },
      previousState: { value: 'OK' },
      configuration: { alarmRule: `ALARM("${one}") OR ALARM(${arnOf(two)})` },
    });
    const history = { AlarmName: name, AlarmTypes: ['CompositeAlarm'], HistoryItemType: 'StateUpdate' };
    expect(await call('DescribeAlarmHistory', history)).toMatchObject({
      AlarmHistoryItems: [
        { AlarmType: 'CompositeAlarm', HistorySummary: 'Alarm updated from OK to ALARM' },
        { HistorySummary: 'Alarm updated from INSUFFICIENT_DATA to OK' },
      ],
    });
  });

  it('follows a composite alarm in the same evaluation', async () => {
    const one = await child('ALARM');
    const lower = await composite(`ALARM(${one})`);
    const upper = await composite(`NOT ALARM(${lower})`);
    await until(upper, { StateValue: 'OK' });
    await set(one, 'OK');
    await until(upper, { StateValue: 'ALARM' });
  });

  it('takes no actions where they are disabled', async () => {
    const one = await child();
    const name = await composite(`ALARM(${one})`);
    await until(name, { StateValue: 'OK' });
    await call('DisableAlarmActions', { AlarmNames: [name] });
    await set(one, 'ALARM');
    await until(name, { StateValue: 'ALARM', ActionsEnabled: false });
    await call('EnableAlarmActions', { AlarmNames: [name] });
    await set(one, 'OK');
    await until(name, { StateValue: 'OK', ActionsEnabled: true });
    await vi.waitFor(() => expect(actionsOf(name)).toEqual(['OK', 'OK']));
  });

  it('keeps a state that is set by hand until one of its alarms changes', async () => {
    const one = await child();
    const name = await composite(`ALARM(${one})`);
    await until(name, { StateValue: 'OK' });
    await set(name, 'ALARM');
    await evaluateNow();
    expect(await told(name)).toMatchObject({ StateValue: 'ALARM', StateReason: 'by hand' });
    await set(one, 'INSUFFICIENT_DATA');
    await until(name, { StateValue: 'OK' });
  });

  it('waits for its suppressor, is silent while that is in ALARM, and acts after the extension', async () => {
    const [one, suppressor] = [await child(), await child()];
    const name = await composite(`ALARM(${one})`, {
      OKActions: [],
      ActionsSuppressor: suppressor,
      ActionsSuppressorWaitPeriod: 60,
      ActionsSuppressorExtensionPeriod: 90,
    });
    await until(name, { StateValue: 'OK' });
    vi.setSystemTime(Date.now() + 61_000);
    await set(one, 'ALARM');
    await until(name, { StateValue: 'ALARM', ActionsSuppressedBy: 'WaitPeriod' });
    await set(suppressor, 'ALARM');
    await until(name, {
      ActionsSuppressedBy: 'Alarm',
      ActionsSuppressedReason: 'Actions suppressed by Alarm',
    });
    vi.setSystemTime(Date.now() + 120_000);
    await evaluateNow();
    expect(actionsOf(name)).toEqual([]);
    await set(suppressor, 'OK');
    await until(name, { ActionsSuppressedBy: 'ExtensionPeriod' });
    vi.setSystemTime(Date.now() + 90_000);
    await evaluateNow();
    await vi.waitFor(() => expect(actionsOf(name)).toEqual(['ALARM']));
    expect(await told(name)).not.toHaveProperty('ActionsSuppressedBy');
  });

  it('is made of alarms that are there, which cannot be deleted before it', async () => {
    await expect(composite('ALARM(nobody) OR OK(none)')).rejects.toThrow(
      'Could not save the composite alarm as alarms [nobody, none] in the alarm rule do not exist',
    );
    const [one, suppressor] = [await child(), await child()];
    const periods = { ActionsSuppressorWaitPeriod: 0, ActionsSuppressorExtensionPeriod: 0 };
    const name = await composite(`ALARM(${one})`, { ActionsSuppressor: arnOf(suppressor), ...periods });
    const remove = (...AlarmNames: string[]) => call('DeleteAlarms', { AlarmNames });
    await expect(remove(one)).rejects.toThrow(
      `Cannot delete ${one} as there are composite alarm(s) depending on it.`,
    );
    await expect(remove(one, suppressor)).rejects.toThrow('depending on them');
    await remove(name);
    await remove(one, suppressor);
    expect(await call('DescribeAlarms', { AlarmNames: [name, one] })).toMatchObject({ MetricAlarms: [] });
  });

  it('is never evaluated in a cycle, nor is one above it, until the cycle is broken', async () => {
    const one = await composite('FALSE');
    const two = await composite(`ALARM(${one})`);
    await until(two, { StateValue: 'OK' });
    await call('PutCompositeAlarm', { AlarmName: one, AlarmRule: `NOT ALARM(${two})` });
    await evaluateNow();
    expect(await told(one)).toMatchObject({ StateValue: 'OK' });
    await expect(call('DeleteAlarms', { AlarmNames: [one] })).rejects.toThrow('depending on it');
    await call('PutCompositeAlarm', { AlarmName: two, AlarmRule: 'FALSE' });
    await until(one, { StateValue: 'ALARM' });
  });

  it('is told apart from alarms on metrics, with its children and parents', async () => {
    const one = await child();
    const name = await composite(`ALARM(${one})`);
    const described = (input: object) => call('DescribeAlarms', { ...input });
    expect(await described({ AlarmNamePrefix: name })).toEqual({ CompositeAlarms: [], MetricAlarms: [] });
    expect(await described({ AlarmNamePrefix: name, AlarmTypes: ['CompositeAlarm'] })).toMatchObject({
      CompositeAlarms: [{ AlarmName: name, AlarmRule: `ALARM(${one})`, AlarmArn: arnOf(name) }],
    });
    expect(await described({ ChildrenOfAlarmName: name })).toMatchObject({
      MetricAlarms: [{ AlarmName: one, StateValue: 'OK' }],
    });
    expect(await described({ ParentsOfAlarmName: one })).toEqual({
      CompositeAlarms: [{ AlarmName: name, AlarmArn: arnOf(name) }],
      MetricAlarms: [],
    });
    await expect(described({ ParentsOfAlarmName: one, StateValue: 'OK' })).rejects.toThrow('StateValue');
    await expect(call('PutCompositeAlarm', { AlarmName: one, AlarmRule: 'TRUE' })).rejects.toThrow(
      'is a metric alarm',
    );
  });

  it('is made by the Terraform', async () => {
    const one = await child('ALARM');
    const handler = cloudwatch.service.resources['aws_cloudwatch_composite_alarm'];
    const desired = {
      alarm_name: 'from-terraform',
      alarm_rule: `ALARM(${one})`,
      actions_suppressor: [{ alarm: one, wait_period: 10, extension_period: 20 }],
      tags: { team: 'shop' },
    };
    const resource = testResource('aws_cloudwatch_composite_alarm', 'one', desired);
    const applied = await handler?.apply(resource, undefined);
    expect(applied).toMatchObject({ id: 'from-terraform', arn: arnOf('from-terraform') });
    await until('from-terraform', { StateValue: 'ALARM', ActionsSuppressorExtensionPeriod: 20 });
    await handler?.remove?.(resource.address, applied ?? {});
    expect(await told('from-terraform')).toEqual({});
  });
});

it('tells the bus that an alarm was made, changed and deleted', async () => {
  const one = await child();
  const name = await composite(`ALARM(${one})`);
  await call('PutCompositeAlarm', { AlarmName: name, AlarmRule: `OK(${one})` });
  await call('DeleteAlarms', { AlarmNames: [name] });
  const changes = () =>
    cloudwatch.events.flatMap(({ detailType, resources, detail }) =>
      detailType === 'CloudWatch Alarm Configuration Change' && resources?.[0] === arnOf(name)
        ? [detail]
        : [],
    );
  await vi.waitFor(() => expect(changes()).toHaveLength(3));
  expect(changes()).toMatchObject([
    { operation: 'create', state: { value: 'INSUFFICIENT_DATA' }, configuration: { alarmName: name } },
    {
      operation: 'update',
      configuration: { alarmRule: `OK(${one})` },
      previousConfiguration: { alarmRule: `ALARM(${one})` },
    },
    { operation: 'delete' },
  ]);
});

it('keeps the tags of an alarm', async () => {
  const ResourceARN = arnOf(await child());
  await call('TagResource', {
    ResourceARN,
    Tags: [
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '2' },
    ],
  });
  await call('UntagResource', { ResourceARN, TagKeys: ['a'] });
  expect(await call('ListTagsForResource', { ResourceARN })).toEqual({ Tags: [{ Key: 'b', Value: '2' }] });
  await expect(call('ListTagsForResource', { ResourceARN: arnOf('nobody') })).rejects.toMatchObject({
    code: 'ResourceNotFoundException',
  });
});

it('keeps the state of an alarm while its percentile has too few samples, when it is to ignore those', async () => {
  const AlarmName = 'low-samples';
  const metric = { Namespace: 'Shop', MetricName: 'Latency', ExtendedStatistic: 'p90', Period: 60 };
  const rule = { EvaluationPeriods: 1, Threshold: 5, ComparisonOperator: 'GreaterThanThreshold' };
  await call('PutMetricAlarm', { AlarmName, ...metric, ...rule, EvaluateLowSampleCountPercentile: 'ignore' });
  await set(AlarmName, 'OK');
  const stateOf = async () => {
    await evaluateNow();
    const { MetricAlarms } = await call<{ MetricAlarms: { StateValue: string }[] }>('DescribeAlarms', {
      AlarmNames: [AlarmName],
    });
    return MetricAlarms[0]?.StateValue;
  };
  vi.setSystemTime(Math.ceil(Date.now() / 60_000) * 60_000 + 120_000);
  const record = (samples: number) => {
    for (let sample = 0; sample < samples; sample++) {
      const point = { namespace: 'Shop', name: 'Latency', dimensions: {}, unit: 'None', value: 9 };
      cloudwatch.telemetry.metric({ ...point, time: Date.now() });
    }
  };
  record(99);
  expect(await stateOf()).toBe('OK');
  record(1);
  expect(await stateOf()).toBe('ALARM');
});
