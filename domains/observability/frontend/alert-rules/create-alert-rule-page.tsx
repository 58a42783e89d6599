import HelpPanel from '@cloudscape-design/components/help-panel';
import { useMemo } from 'react';
import { useDispatch } from 'react-redux';
import { useNavigate } from 'react-router';
import { notified } from '#shared/frontend/notifications.ts';
import { json, text, useUrlState } from '#shared/frontend/url-state.ts';
import { useCreateAlertRuleMutation } from '../api.ts';
import { isMetric } from '../metrics/explorer-state.ts';
import { paths } from '../paths.ts';
import type { AlertRuleDefinition, Metric } from '../types.ts';
import { emptyDraft } from './rule-draft.ts';
import { RuleForm } from './rule-form.tsx';

/** The metric that a rule is to be made for, in the address, as other pages link here. */
export const proposedMetricKeys = {
  metric: json<Metric | null>(null, (value): value is Metric | null => value === null || isMetric(value)),
  statistic: text(emptyDraft.statistic),
} as const;

/** Creates an alert rule. */
export default function CreateAlertRulePage() {
  const [{ metric, statistic }] = useUrlState(proposedMetricKeys);
  const [create, { isLoading, error }] = useCreateAlertRuleMutation();
  const dispatch = useDispatch();
  const navigate = useNavigate();
  const initial = useMemo(
    () => ({ ...emptyDraft, statistic, ...(metric ? { metric } : {}) }),
    [metric, statistic],
  );
  const save = async (definition: AlertRuleDefinition): Promise<boolean> => {
    const answer = await create(definition);
    if (!answer.data) return false;
    const { stream } = answer.data;
    dispatch(
      notified({
        id: `created-${stream}`,
        type: 'success',
        header: `Created alert rule ${definition.name}`,
        link: { text: 'Open rule', href: paths.alertRule(stream.slice(stream.indexOf('/') + 1)) },
      }),
    );
    return true;
  };
  return (
    <RuleForm
      title="Create alert rule"
      initial={initial}
      save="Create alert rule"
      cancelTo={paths.alertRules}
      busy={isLoading}
      error={error}
      onSave={save}
      onSaved={() => void navigate(paths.alertRules)}
    />
  );
}

export function Help() {
  return (
    <HelpPanel header={<h2>Create an alert rule</h2>}>
      <p>Choose a metric, then the line it must not cross. The preview shows both over the recent past.</p>
      <p>
        Judging several periods, such as 3 of 5, keeps a single peak from waking anybody. For counts of
        errors, which are only published when something runs, treat missing data as not breaching.
      </p>
    </HelpPanel>
  );
}
