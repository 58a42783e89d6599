import DatePicker from '@cloudscape-design/components/date-picker';
import FormField from '@cloudscape-design/components/form-field';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import TimeInput from '@cloudscape-design/components/time-input';
import { useId, useState } from 'react';
import { useDispatch } from 'react-redux';
import { ConfirmModal } from '#shared/frontend/confirm-modal.tsx';
import { notified } from '#shared/frontend/notifications.ts';
import { formatInstant } from '#shared/frontend/time.ts';
import { useZone } from '#shared/frontend/time-range.ts';
import type { AlertSilence } from '../types.ts';
import { useSilenceAlertMutation } from './response-api.ts';
import {
  type SilenceDraft,
  type SilencePreset,
  silencePresets,
  untilError,
  untilOf,
} from './silence-until.ts';

const longestReason = 500;

/** Says how long and why nobody is to be notified of an alert. */
export function SilenceModal(props: {
  alertId: string;
  name: string;
  silence?: AlertSilence | undefined;
  onClose: () => void;
}) {
  const { alertId, name, silence, onClose } = props;
  const zone = useZone();
  const [draft, setDraft] = useState<SilenceDraft>({ preset: '60', date: '', time: '' });
  const [reason, setReason] = useState(silence?.reason ?? '');
  const [tried, setTried] = useState(false);
  const [silenceAlert, { isLoading, error }] = useSilenceAlertMutation();
  const dispatch = useDispatch();
  const lengthLabel = useId();
  const change = (changes: Partial<SilenceDraft>): void =>
    setDraft((current) => ({ ...current, ...changes }));
  const wrongEnd = untilError(draft, zone, Date.now());
  const wrongReason = reasonError(reason);
  const confirm = async (): Promise<void> => {
    setTried(true);
    const until = untilOf(draft, zone, Date.now());
    if (wrongEnd || wrongReason || !until) return;
    const answer = await silenceAlert({ alertId, until, reason: reason.trim() });
    if (answer.error) return;
    dispatch(
      notified({
        id: `silenced-${alertId}`,
        type: 'success',
        header: `Silenced until ${formatInstant(until, zone)}: ${name}`,
        content: 'It is still evaluated and shown. Notifications are withheld until then.',
      }),
    );
    onClose();
  };
  return (
    <ConfirmModal
      title={`${silence ? 'Change the silence of' : 'Silence'} “${name}”`}
      confirm={silence ? 'Change silence' : 'Silence'}
      busy={isLoading}
      error={error}
      onConfirm={() => void confirm()}
      onCancel={onClose}
    >
      <SpaceBetween size="m">
        <span>The alert is still raised, resolved and shown. Only notifications are withheld.</span>
        <FormField label={<span id={lengthLabel}>How long from now</span>}>
          <SegmentedControl
            ariaLabelledby={lengthLabel}
            selectedId={draft.preset}
            options={[...silencePresets]}
            onChange={({ detail }) => change({ preset: detail.selectedId as SilencePreset })}
          />
        </FormField>
        {draft.preset === 'until' ? (
          <SpaceBetween size="xs">
            <SpaceBetween direction="horizontal" size="xs">
              <FormField label="Date">
                <DatePicker
                  value={draft.date}
                  placeholder="YYYY/MM/DD"
                  onChange={({ detail }) => change({ date: detail.value })}
                />
              </FormField>
              <FormField label={`Time (${zone})`}>
                <TimeInput
                  value={draft.time}
                  format="hh:mm"
                  placeholder="hh:mm"
                  onChange={({ detail }) => change({ time: detail.value })}
                />
              </FormField>
            </SpaceBetween>
            <FormField errorText={tried ? wrongEnd : ''} constraintText="30 days from now at most." />
          </SpaceBetween>
        ) : null}
        <FormField
          label="Reason"
          description="Why nobody needs to be told. It stays in the alert's history."
          constraintText={`${reason.length} of ${longestReason} characters.`}
          errorText={tried ? wrongReason : ''}
        >
          <Textarea value={reason} rows={3} onChange={({ detail }) => setReason(detail.value)} />
        </FormField>
      </SpaceBetween>
    </ConfirmModal>
  );
}

function reasonError(reason: string): string {
  if (reason.trim() === '') return 'Enter a reason.';
  return reason.trim().length > longestReason ? `Shorten the reason to ${longestReason} characters.` : '';
}
