import Button from '@cloudscape-design/components/button';
import HelpPanel from '@cloudscape-design/components/help-panel';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { PageLink } from '#shared/frontend/links.tsx';
import { listStateOf } from '#shared/frontend/list-state.ts';
import { Empty, NoMatch } from '#shared/frontend/page-states.tsx';
import { PrefixFilter } from '#shared/frontend/prefix-filter.tsx';
import { type Column, ResourceTable } from '#shared/frontend/resource-table.tsx';
import { Timestamp } from '#shared/frontend/timestamp.tsx';
import { oneOf, text, useUrlState } from '#shared/frontend/url-state.ts';
import { useAlarmsInfiniteQuery } from '../api.ts';
import { AlarmStateIndicator } from '../indicators.tsx';
import { unitOf } from '../metric-unit.ts';
import { paths } from '../paths.ts';
import type { Alarm, AlarmState } from '../types.ts';
import { alarmStates, conditionText, dimensionsText, evaluationText } from '../words.ts';

/** The filter of the alarms, in the address. */
export const alarmFilterKeys = {
  state: oneOf(['any', 'ALARM', 'OK', 'INSUFFICIENT_DATA'], 'any'),
  prefix: text(),
} as const;

const columns: Column<Alarm>[] = [
  { id: 'name', header: 'Name', width: 220, sort: (alarm) => alarm.name, cell: (alarm) => alarm.name },
  {
    id: 'state',
    header: 'State',
    width: 150,
    sort: (alarm) => alarm.state,
    cell: (alarm) => <AlarmStateIndicator state={alarm.state} />,
  },
  {
    id: 'changed',
    header: 'In this state since',
    width: 150,
    sort: (alarm) => alarm.stateChangedAt,
    cell: (alarm) => <Timestamp value={alarm.stateChangedAt} />,
  },
  {
    id: 'metric',
    header: 'Metric',
    width: 150,
    cell: (alarm) =>
      alarm.metricName ? `${alarm.namespace ?? ''} ${alarm.metricName}` : 'Metric math or composite',
  },
  {
    id: 'condition',
    header: 'Condition',
    width: 130,
    cell: (alarm) => conditionText({ ...alarm, unit: unitOfAlarm(alarm) }),
  },
  {
    id: 'rule',
    header: 'Alert rule',
    width: 110,
    cell: (alarm) =>
      alarm.alertRuleId ? (
        <PageLink to={paths.alertRule(alarm.alertRuleId)}>Open rule</PageLink>
      ) : (
        'Not made by a rule'
      ),
  },
  { id: 'reason', header: 'Reason', hiddenAtFirst: true, width: 210, cell: (alarm) => alarm.stateReason },
  {
    id: 'dimensions',
    header: 'Dimensions',
    hiddenAtFirst: true,
    width: 170,
    cell: (alarm) => dimensionsText(alarm.dimensions),
  },
  {
    id: 'evaluation',
    header: 'For',
    hiddenAtFirst: true,
    width: 130,
    cell: (alarm) => evaluationText(alarm),
  },
  { id: 'arn', header: 'ARN', hiddenAtFirst: true, width: 260, cell: (alarm) => alarm.arn },
];

/** Every CloudWatch alarm of the installation with its state. */
export default function AlarmsPage() {
  const [filter, change] = useUrlState(alarmFilterKeys);
  const query = useAlarmsInfiniteQuery({
    ...(filter.state === 'any' ? {} : { state: filter.state }),
    ...(filter.prefix === '' ? {} : { prefix: filter.prefix }),
  });
  const filtered = filter.state !== 'any' || filter.prefix !== '';
  // Data of the former filter must not stand under the new one.
  const list = listStateOf({ ...query, data: query.currentData });
  return (
    <ResourceTable
      id="alarms"
      title="Alarms"
      one="alarm"
      many="alarms"
      description="CloudWatch alarms of this installation, read live from AWS."
      columns={columns}
      list={list}
      rowId={(alarm) => alarm.arn}
      actions={
        <Button
          iconName="refresh"
          ariaLabel="Refresh alarms"
          loading={query.isFetching}
          onClick={() => void query.refetch()}
        />
      }
      filter={
        <SpaceBetween direction="horizontal" size="xs">
          <PrefixFilter
            placeholder="Name begins with"
            ariaLabel="Filter alarms by the beginning of their name"
            prefix={filter.prefix}
            onChange={(prefix) => change({ prefix })}
          />
          <Select
            ariaLabel="State"
            selectedOption={stateOptions.find((option) => option.value === filter.state) ?? null}
            options={stateOptions}
            onChange={({ detail }) =>
              change({ state: alarmFilterKeys.state.read(detail.selectedOption.value ?? '') ?? 'any' })
            }
          />
        </SpaceBetween>
      }
      empty={
        filtered ? (
          <NoMatch what="alarms" onClear={() => change({ state: 'any', prefix: '' })} />
        ) : (
          <Empty title="No alarms">
            Alert rules put their alarms here, beside those of the platform itself.
          </Empty>
        )
      }
    />
  );
}

const stateOptions = [
  { value: 'any', label: 'Any state' },
  ...(Object.keys(alarmStates) as AlarmState[]).map((value) => ({ value, label: alarmStates[value] })),
];

function unitOfAlarm(alarm: Alarm) {
  return unitOf({ namespace: alarm.namespace ?? '', metricName: alarm.metricName ?? '' }, alarm.statistic);
}

export function Help() {
  return (
    <HelpPanel header={<h2>Alarms</h2>}>
      <p>
        An alarm compares one metric with a threshold. <b>In alarm</b> means that enough of the latest periods
        crossed it; <b>insufficient data</b> means that too few values arrived to say.
      </p>
      <p>
        Alarms whose last column names an alert rule belong to that rule: change the rule, never the alarm.
        The others come with the platform.
      </p>
    </HelpPanel>
  );
}
