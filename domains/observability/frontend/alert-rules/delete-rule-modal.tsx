import Alert from '@cloudscape-design/components/alert';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useDispatch } from 'react-redux';
import { ConfirmModal } from '#shared/frontend/confirm-modal.tsx';
import { notified } from '#shared/frontend/notifications.ts';
import { useDeleteAlertRuleMutation } from '../api.ts';
import type { AlertRule } from '../types.ts';

/** Asks, then deletes a rule. `onDeleted` runs before `onClose` would. */
export function DeleteRuleModal(props: { rule: AlertRule; onClose: () => void; onDeleted?: () => void }) {
  const { rule, onClose, onDeleted = onClose } = props;
  const [remove, { isLoading, error }] = useDeleteAlertRuleMutation();
  const dispatch = useDispatch();
  const confirm = async (): Promise<void> => {
    const answer = await remove(rule.alertRuleId);
    if (answer.error) return;
    dispatch(
      notified({
        id: `deleted-${rule.alertRuleId}`,
        type: 'success',
        header: `Deleted alert rule ${rule.name}`,
      }),
    );
    onDeleted();
  };
  return (
    <ConfirmModal
      title="Delete alert rule"
      confirm="Delete"
      busy={isLoading}
      error={error}
      onConfirm={() => void confirm()}
      onCancel={onClose}
    >
      <SpaceBetween size="s">
        <span>
          Delete <b>{rule.name}</b> for good?
        </span>
        <Alert type="info">
          Its CloudWatch alarm goes with it, and an open alert of this rule is resolved. Past alerts and the
          history stay.
        </Alert>
      </SpaceBetween>
    </ConfirmModal>
  );
}
