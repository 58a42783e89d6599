import FormField from '@cloudscape-design/components/form-field';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { useState } from 'react';
import { useDispatch } from 'react-redux';
import { ConfirmModal } from '#shared/frontend/confirm-modal.tsx';
import { notified } from '#shared/frontend/notifications.ts';
import { type Decision, useDecideFailureMutation } from './failure-api.ts';
import type { Failure } from './types.ts';

const longestReason = 500;

const words: Record<Decision, { title: string; confirm: string; means: string; done: string }> = {
  ignore: {
    title: 'Ignore failure',
    confirm: 'Ignore',
    means: 'It is only counted from now on, and does not open again by itself.',
    done: 'Ignored',
  },
  resolve: {
    title: 'Resolve failure',
    confirm: 'Resolve',
    means: 'The next occurrence opens it again. Streams that are held stay held until they are released.',
    done: 'Resolved',
  },
  reopen: {
    title: 'Open failure again',
    confirm: 'Open again',
    means: 'It stands among the open failures again.',
    done: 'Opened again',
  },
};

/** Asks for the reason of a decision on a failure; opening it again needs none. */
export function DecideModal(props: { failure: Failure; decision: Decision; onClose: () => void }) {
  const { failure, decision, onClose } = props;
  const [reason, setReason] = useState('');
  const [asked, setAsked] = useState(false);
  const [decide, { isLoading, error }] = useDecideFailureMutation();
  const dispatch = useDispatch();
  const { title, confirm, means, done } = words[decision];
  const optional = decision === 'reopen';
  const wrong =
    reason.length > longestReason
      ? `Shorten the reason to ${longestReason} characters.`
      : !optional && reason.trim() === ''
        ? 'Enter a reason.'
        : '';
  const onConfirm = async (): Promise<void> => {
    setAsked(true);
    if (wrong) return;
    const answer = await decide({ id: failure.failureId, decision, reason: reason.trim() });
    if (answer.error) return;
    dispatch(
      notified({ id: `failure-${failure.failureId}`, type: 'success', header: `${done}: ${failure.name}` }),
    );
    onClose();
  };
  return (
    <ConfirmModal
      title={title}
      confirm={confirm}
      busy={isLoading}
      error={error}
      onConfirm={() => void onConfirm()}
      onCancel={onClose}
    >
      <SpaceBetween size="m">
        <span>{means}</span>
        <FormField
          label={
            optional ? (
              <span>
                Reason <i>- optional</i>
              </span>
            ) : (
              'Reason'
            )
          }
          description="What you know or what was done. It stays in the failure's history."
          constraintText={`${reason.length} of ${longestReason} characters.`}
          errorText={asked ? wrong : ''}
        >
          <Textarea value={reason} rows={3} onChange={({ detail }) => setReason(detail.value)} />
        </FormField>
      </SpaceBetween>
    </ConfirmModal>
  );
}
