import { useDispatch } from 'react-redux';
import { ConfirmModal } from '#shared/frontend/confirm-modal.tsx';
import { plural } from '#shared/frontend/format.ts';
import { notified } from '#shared/frontend/notifications.ts';
import { useRedriveFailureMutation } from './failure-api.ts';
import type { Failure, FailureStream } from './types.ts';

/** What one command delivers again, at most. */
const most = 100;

/** Asks before what waits is delivered again: of one stream, or of all. */
export function RedriveModal(props: { failure: Failure; stream?: FailureStream; onClose: () => void }) {
  const { failure, stream, onClose } = props;
  const [redrive, { isLoading, error }] = useRedriveFailureMutation();
  const dispatch = useDispatch();
  const count = Math.min(failure.affected, most);
  const what = stream ? `${stream.type} ${stream.id}` : plural(count, 'stream', 'streams');
  const onConfirm = async (): Promise<void> => {
    const answer = await redrive({ id: failure.failureId, ...(stream ? { stream: stream.stream } : {}) });
    if (answer.error) return;
    dispatch(
      notified({
        id: `failure-${failure.failureId}`,
        type: 'info',
        header: `Redriving ${what}`,
        content: 'The list of streams tells whether they are released or fail again.',
      }),
    );
    onClose();
  };
  return (
    <ConfirmModal
      title="Redrive"
      confirm="Redrive"
      busy={isLoading}
      error={error}
      onConfirm={() => void onConfirm()}
      onCancel={onClose}
    >
      Deliver again what waits on <b>{what}</b>? Read models read on in order from where they stood; functions
      get the event that they could not act on. Without a fix they fail again, and nothing else happens.
      {!stream && failure.affected > most
        ? ` One redrive takes ${most} streams: repeat it for the rest.`
        : ''}
    </ConfirmModal>
  );
}
