import FormField from '@cloudscape-design/components/form-field';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { useState } from 'react';
import { useDispatch } from 'react-redux';
import { ConfirmModal } from '#shared/frontend/confirm-modal.tsx';
import { notified } from '#shared/frontend/notifications.ts';
import { useCancelRebuildMutation } from './rebuild-api.ts';

const longestReason = 500;

/** Asks for the reason of giving up a rebuild. */
export function CancelModal(props: { model: string; rebuildId: string; onClose: () => void }) {
  const { model, rebuildId, onClose } = props;
  const [reason, setReason] = useState('');
  const [asked, setAsked] = useState(false);
  const [cancel, { isLoading, error }] = useCancelRebuildMutation();
  const dispatch = useDispatch();
  const wrong =
    reason.length > longestReason
      ? `Shorten the reason to ${longestReason} characters.`
      : reason.trim() === ''
        ? 'Enter a reason.'
        : '';
  const onConfirm = async (): Promise<void> => {
    setAsked(true);
    if (wrong) return;
    const answer = await cancel({ id: rebuildId, reason: reason.trim() });
    if (answer.error) return;
    dispatch(
      notified({ id: `rebuild-${model}`, type: 'success', header: `Cancelled the rebuild of ${model}` }),
    );
    onClose();
  };
  return (
    <ConfirmModal
      title={`Cancel the rebuild of ${model}`}
      confirm="Cancel rebuild"
      cancel="Keep it running"
      busy={isLoading}
      error={error}
      onConfirm={() => void onConfirm()}
      onCancel={onClose}
    >
      <SpaceBetween size="m">
        <span>The rows of now stay as they are. The next rebuild begins from the first event again.</span>
        <FormField
          label="Reason"
          constraintText={`${reason.length} of ${longestReason} characters.`}
          errorText={asked ? wrong : ''}
        >
          <Textarea value={reason} rows={3} onChange={({ detail }) => setReason(detail.value)} />
        </FormField>
      </SpaceBetween>
    </ConfirmModal>
  );
}
