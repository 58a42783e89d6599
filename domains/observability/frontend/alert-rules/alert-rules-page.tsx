import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import HelpPanel from '@cloudscape-design/components/help-panel';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { plural } from '#shared/frontend/format.ts';
import { useMay } from '#shared/frontend/identity.ts';
import { PageButton, PageLink, useCarried } from '#shared/frontend/links.tsx';
import { listStateOf } from '#shared/frontend/list-state.ts';
import { Empty, NoMatch } from '#shared/frontend/page-states.tsx';
import { type Column, ResourceTable } from '#shared/frontend/resource-table.tsx';
import { operators } from '#shared/frontend/roles.ts';
import { Timestamp } from '#shared/frontend/timestamp.tsx';
import { text, useUrlState } from '#shared/frontend/url-state.ts';
import { useAlertRulesInfiniteQuery } from '../api.ts';
import { EnabledIndicator, SeverityBadge } from '../indicators.tsx';
import { unitOf } from '../metric-unit.ts';
import { paths } from '../paths.ts';
import type { AlertRule } from '../types.ts';
import { conditionText, evaluationText, metricText, severityOrder } from '../words.ts';
import { DeleteRuleModal } from './delete-rule-modal.tsx';
import { useSwitchRule } from './rule-commands.ts';

/** The filter of the rules, in the address. */
export const ruleFilterKeys = { find: text() } as const;

const onlyOperators = 'Only operators and administrators change alert rules.';

const columns: Column<AlertRule>[] = [
  {
    id: 'name',
    header: 'Name',
    width: 150,
    sort: (rule) => rule.name,
    cell: (rule) => <PageLink to={paths.alertRule(rule.alertRuleId)}>{rule.name}</PageLink>,
  },
  {
    id: 'severity',
    header: 'Severity',
    width: 110,
    sort: (rule) => severityOrder[rule.severity],
    cell: (rule) => <SeverityBadge severity={rule.severity} />,
  },
  {
    id: 'enabled',
    header: 'State',
    width: 130,
    sort: (rule) => (rule.enabled ? 0 : 1),
    cell: (rule) => <EnabledIndicator enabled={rule.enabled} />,
  },
  {
    id: 'metric',
    header: 'Metric',
    width: 200,
    sort: (rule) => metricText(rule.metric),
    cell: (rule) => metricText(rule.metric),
  },
  {
    id: 'condition',
    header: 'Condition',
    width: 130,
    cell: (rule) => conditionText({ ...rule, unit: unitOf(rule.metric, rule.statistic) }),
  },
  { id: 'for', header: 'For', width: 130, cell: evaluationText },
  {
    id: 'changed',
    header: 'Changed',
    width: 150,
    sort: (rule) => rule.changedAt,
    cell: (rule) => <Timestamp value={rule.changedAt} />,
  },
  { id: 'actions', header: 'Actions', width: 90, cell: (rule) => <RuleActions rule={rule} /> },
];

/** The alert rules of this tenant. */
export default function AlertRulesPage() {
  const [{ find }, change] = useUrlState(ruleFilterKeys);
  const may = useMay(operators);
  const list = listStateOf(useAlertRulesInfiniteQuery());
  const found = list.items?.filter((rule) => matches(rule, find));
  const create = (
    <PageButton to={paths.newAlertRule} variant="primary" disabled={!may} disabledReason={onlyOperators}>
      Create alert rule
    </PageButton>
  );
  return (
    <ResourceTable
      id="alert-rules"
      title="Alert rules"
      one="alert rule"
      many="alert rules"
      description="Each rule watches one metric and raises an alert when it crosses its line."
      columns={columns}
      list={{ ...list, items: found }}
      rowId={(rule) => rule.alertRuleId}
      actions={create}
      filter={
        <TextFilter
          filteringText={find}
          filteringPlaceholder="Find alert rules"
          filteringAriaLabel="Find alert rules by name, metric or severity"
          countText={find ? plural(found?.length ?? 0, 'match', 'matches') : ''}
          onChange={({ detail }) => change({ find: detail.filteringText }, { replace: true })}
        />
      }
      empty={
        find ? (
          <NoMatch what="alert rules" onClear={() => change({ find: '' })} />
        ) : (
          <Empty title="No alert rules" action={may ? create : null}>
            {may ? 'Create the first one to be told when a metric crosses a line.' : onlyOperators}
          </Empty>
        )
      }
    />
  );
}

function matches(rule: AlertRule, find: string): boolean {
  const haystack =
    `${rule.name} ${rule.severity} ${metricText(rule.metric)} ${rule.description ?? ''}`.toLowerCase();
  return haystack.includes(find.trim().toLowerCase());
}

function RuleActions({ rule }: { rule: AlertRule }) {
  const [deleting, setDeleting] = useState(false);
  const [switchRule, switching] = useSwitchRule();
  const navigate = useNavigate();
  const carried = useCarried();
  const may = useMay(operators);
  return (
    <>
      <ButtonDropdown
        variant="inline-icon"
        expandToViewport
        ariaLabel={`Actions for ${rule.name}`}
        disabled={!may}
        disabledReason={onlyOperators}
        loading={switching}
        items={[
          { id: 'edit', text: 'Edit' },
          { id: 'switch', text: rule.enabled ? 'Disable' : 'Enable' },
          { id: 'delete', text: 'Delete' },
        ]}
        onItemClick={({ detail }) => {
          if (detail.id === 'edit') void navigate(carried(paths.editAlertRule(rule.alertRuleId)));
          else if (detail.id === 'switch') void switchRule(rule);
          else setDeleting(true);
        }}
      />
      {deleting ? <DeleteRuleModal rule={rule} onClose={() => setDeleting(false)} /> : null}
    </>
  );
}

export function Help() {
  return (
    <HelpPanel header={<h2>Alert rules</h2>}>
      <p>
        A rule says: when this statistic of this metric is across this line in so many of the latest periods,
        raise an alert. It does so through a CloudWatch alarm that follows the rule.
      </p>
      <p>A disabled rule raises nothing. Deleting a rule resolves its open alert and keeps the history.</p>
    </HelpPanel>
  );
}
