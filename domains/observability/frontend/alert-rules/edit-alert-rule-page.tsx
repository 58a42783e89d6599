import { useCallback, useEffect, useState } from 'react';
import { useDispatch } from 'react-redux';
import { useNavigate, useParams } from 'react-router';
import { notified } from '#shared/frontend/notifications.ts';
import { Failed, Loading } from '#shared/frontend/page-states.tsx';
import { useAlertRuleQuery, useChangeAlertRuleMutation } from '../api.ts';
import { paths } from '../paths.ts';
import type { AlertRule, AlertRuleDefinition } from '../types.ts';
import { draftOf } from './rule-draft.ts';
import { RuleForm } from './rule-form.tsx';

export { Help } from './create-alert-rule-page.tsx';

/** Changes an alert rule. */
export default function EditAlertRulePage() {
  const { alertRuleId = '' } = useParams();
  const query = useAlertRuleQuery(alertRuleId, { refetchOnMountOrArgChange: true });
  const [filled, setFilled] = useState(false);
  const keep = useCallback(() => setFilled(true), []);
  // A form filled from what an earlier visit left in the cache would be refused as outdated; once filled it stays.
  if (query.currentData && (filled || !query.isFetching)) {
    return <EditForm key={alertRuleId} loaded={query.currentData} onFilled={keep} />;
  }
  return query.error ? (
    <Failed what="alert rules" error={query.error} onRetry={() => void query.refetch()} />
  ) : (
    <Loading what="the alert rule" />
  );
}

function EditForm({ loaded, onFilled }: { loaded: AlertRule; onFilled: () => void }) {
  useEffect(onFilled, [onFilled]);
  // The form keeps the version it was filled from: a newer one is somebody else's change, which the API will tell.
  const [rule] = useState(loaded);
  const [initial] = useState(() => draftOf(loaded));
  const [change, { isLoading, error }] = useChangeAlertRuleMutation();
  const dispatch = useDispatch();
  const navigate = useNavigate();
  const { alertRuleId, version } = rule;
  const save = async (definition: AlertRuleDefinition): Promise<boolean> => {
    const answer = await change({ alertRuleId, version, definition });
    if (answer.error) return false;
    dispatch(
      notified({
        id: `changed-${alertRuleId}`,
        type: 'success',
        header: `Saved alert rule ${definition.name}`,
      }),
    );
    return true;
  };
  return (
    <RuleForm
      title={`Edit ${rule.name}`}
      initial={initial}
      save="Save changes"
      cancelTo={paths.alertRule(alertRuleId)}
      busy={isLoading}
      error={error}
      onSave={save}
      onSaved={() => void navigate(paths.alertRule(alertRuleId))}
    />
  );
}
