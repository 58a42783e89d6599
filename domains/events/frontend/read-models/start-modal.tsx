import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useDispatch } from 'react-redux';
import { ConfirmModal } from '#shared/frontend/confirm-modal.tsx';
import { formatValue } from '#shared/frontend/format.ts';
import { notified } from '#shared/frontend/notifications.ts';
import { useStartRebuildMutation } from './rebuild-api.ts';
import type { Price, ReadModel } from './types.ts';

/** Tells what a rebuild takes and costs, and starts it. */
export function StartModal(props: { model: ReadModel; price: Price; onClose: () => void }) {
  const { model, price, onClose } = props;
  const { estimate } = model;
  const [start, { isLoading, error }] = useStartRebuildMutation();
  const dispatch = useDispatch();
  const onConfirm = async (): Promise<void> => {
    const answer = await start(model.model);
    if (answer.error) return;
    dispatch(
      notified({
        id: `rebuild-${model.model}`,
        type: 'success',
        header: `Started the rebuild of ${model.model}`,
      }),
    );
    onClose();
  };
  return (
    <ConfirmModal
      title={`Rebuild ${model.model}`}
      confirm="Rebuild"
      busy={isLoading}
      error={error}
      onConfirm={() => void onConfirm()}
      onCancel={onClose}
    >
      <SpaceBetween size="m">
        <span>
          Every row is made anew from the events, in a second table. The rows of now serve until the new ones
          are complete; then readers turn to them within seconds.
        </span>
        <KeyValuePairs
          columns={2}
          items={[
            { label: 'Time', value: `About ${formatValue(estimate.seconds, 'seconds')}` },
            { label: 'Cost', value: `About ${formatValue(estimate.dollars, 'dollars')}` },
            {
              label: 'Reads',
              value: `${formatValue(estimate.items, 'count')} commits, ${formatValue(estimate.bytes, 'bytes')}: ${formatValue(estimate.readUnits, 'units')}`,
            },
            {
              label: 'Writes',
              value: `About ${formatValue(estimate.rows, 'count')} rows and positions: ${formatValue(estimate.writeUnits, 'units')}`,
            },
          ]}
        />
        <small>
          {`Estimated from what DynamoDB counted last; AWS counts every six hours. List price on demand in ${price.region} since ${price.since}: $${price.perMillionReadUnits} for a million read units, $${price.perMillionWriteUnits} for a million write units.`}
        </small>
      </SpaceBetween>
    </ConfirmModal>
  );
}
