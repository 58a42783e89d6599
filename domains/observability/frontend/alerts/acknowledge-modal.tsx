import FormField from '@cloudscape-design/components/form-field';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { useState } from 'react';
import { useDispatch } from 'react-redux';
import { ConfirmModal } from '#shared/frontend/confirm-modal.tsx';
import { notified } from '#shared/frontend/notifications.ts';
import { useAcknowledgeAlertMutation } from '../api.ts';
import type { Alert } from '../types.ts';

const longestNote = 500;

/** Says "I am on it" to everybody, with a note on what is being done. */
export function AcknowledgeModal({ alert, onClose }: { alert: Alert; onClose: () => void }) {
  const [note, setNote] = useState('');
  const [acknowledge, { isLoading, error }] = useAcknowledgeAlertMutation();
  const dispatch = useDispatch();
  const tooLong = note.length > longestNote;
  const confirm = async (): Promise<void> => {
    if (tooLong) return;
    const { alertId, episode } = alert;
    const answer = await acknowledge({ alertId, episode, ...(note.trim() ? { note: note.trim() } : {}) });
    if (answer.error) return;
    dispatch(
      notified({
        id: `acknowledged-${alertId}-${episode}`,
        type: 'success',
        header: `Acknowledged: ${alert.ruleName}`,
        content: 'Everybody sees now that you are on it. The alert stays open until the metric recovers.',
      }),
    );
    onClose();
  };
  return (
    <ConfirmModal
      title={`Acknowledge “${alert.ruleName}”`}
      confirm="Acknowledge"
      busy={isLoading}
      error={error}
      onConfirm={() => void confirm()}
      onCancel={onClose}
    >
      <SpaceBetween size="m">
        <span>{alert.reason}</span>
        <FormField
          label={
            <span>
              Note <i>- optional</i>
            </span>
          }
          description="What you know, or what you are doing. It stays in the alert's history."
          constraintText={`${note.length} of ${longestNote} characters.`}
          errorText={tooLong ? `Shorten the note to ${longestNote} characters.` : ''}
        >
          <Textarea value={note} rows={4} onChange={({ detail }) => setNote(detail.value)} />
        </FormField>
      </SpaceBetween>
    </ConfirmModal>
  );
}
