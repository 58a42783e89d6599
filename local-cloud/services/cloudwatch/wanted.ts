import type { Wanted } from '../../core/access.ts';

type Input = Record<string, unknown>;

/** What an operation of CloudWatch has to be allowed to do; only alarms and dashboards are resources. */
export function wantedOfCloudwatch(
  operation: string,
  input: Input,
  { region, accountId }: { region: string; accountId: string },
): readonly Wanted[] {
  const action = `cloudwatch:${operation}`;
  const on = (resources: readonly string[]) => resources.map((resource) => ({ action, resource }));
  if (input['ResourceARN'] !== undefined) return on([String(input['ResourceARN'])]);
  if (/Dashboard/u.test(operation)) {
    const names = Array.isArray(input['DashboardNames'])
      ? input['DashboardNames']
      : [input['DashboardName'] ?? '*'];
    return on(names.map((name) => `arn:aws:cloudwatch::${accountId}:dashboard/${name}`));
  }
  if (!/Alarm/u.test(operation)) return on(['*']);
  // AWS tells of composite alarms only to those who may be told of all alarms.
  const types: unknown[] = Array.isArray(input['AlarmTypes']) ? input['AlarmTypes'] : [];
  const isOfComposites = types.includes('CompositeAlarm') && operation.startsWith('Describe');
  if (isOfComposites || input['ChildrenOfAlarmName'] || input['ParentsOfAlarmName']) return on(['*']);
  const named = [input['AlarmName'], ...(Array.isArray(input['AlarmNames']) ? input['AlarmNames'] : [])];
  const names = named.filter((name) => name !== undefined);
  return on(
    (names.length > 0 ? names : ['*']).map(
      (name) => `arn:aws:cloudwatch:${region}:${accountId}:alarm:${name}`,
    ),
  );
}
