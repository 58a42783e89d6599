import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useDispatch } from 'react-redux';
import { useNavigate } from 'react-router';
import { ConfirmModal } from '#shared/frontend/confirm-modal.tsx';
import { useMay } from '#shared/frontend/identity.ts';
import { PageButton } from '#shared/frontend/links.tsx';
import { notified } from '#shared/frontend/notifications.ts';
import { describe, isProblem } from '#shared/frontend/problem.ts';
import { operators } from '#shared/frontend/roles.ts';
import { paths } from '../paths.ts';
import {
  useDeleteChannelMutation,
  useRotateSecretMutation,
  useSwitchChannelMutation,
  useTestChannelMutation,
} from './channel-api.ts';
import { onlyOperators } from './channels-page.tsx';
import { SecretOnce } from './secret-once.tsx';
import type { NotificationChannel } from './types.ts';

/** What can be done with a channel. */
export function ChannelButtons({
  channel,
  onDeleted,
}: {
  channel: NotificationChannel;
  onDeleted: () => void;
}) {
  const may = useMay(operators);
  const [asking, setAsking] = useState<'delete' | 'secret'>();
  const [secret, setSecret] = useState('');
  const [test, testing] = useTestChannelMutation();
  const [switchChannel, switching] = useSwitchChannelMutation();
  const tell = useTell(channel);
  const { notificationChannelId: id, name, enabled, lastTest } = channel;
  const guard = { disabled: !may, disabledReason: onlyOperators };
  const onTheWay = lastTest !== undefined && !lastTest.outcome;
  return (
    <>
      <SpaceBetween direction="horizontal" size="xs">
        <ButtonDropdown
          {...guard}
          loading={switching.isLoading}
          items={[
            { id: 'switch', text: enabled ? 'Disable' : 'Enable' },
            { id: 'secret', text: 'New signing secret' },
            { id: 'delete', text: 'Delete' },
          ]}
          onItemClick={({ detail }) => {
            if (detail.id === 'switch')
              void switchChannel({ id, enable: !enabled }).then((answer) =>
                tell(answer.error, `${enabled ? 'Disabled' : 'Enabled'} ${name}`),
              );
            else setAsking(detail.id === 'secret' ? 'secret' : 'delete');
          }}
        >
          Actions
        </ButtonDropdown>
        <PageButton {...guard} to={paths.editNotificationChannel(id)}>
          Edit
        </PageButton>
        <Button
          {...guard}
          variant="primary"
          loading={testing.isLoading || onTheWay}
          onClick={() => void test(id).then((answer) => tell(answer.error, `Sending a test to ${name}`))}
        >
          Send test
        </Button>
      </SpaceBetween>
      {asking === 'delete' ? (
        <DeleteChannelModal channel={channel} onClose={() => setAsking(undefined)} onDeleted={onDeleted} />
      ) : null}
      {asking === 'secret' ? (
        <RotateSecretModal
          channel={channel}
          onClose={() => setAsking(undefined)}
          onRotated={(rotated) => {
            setAsking(undefined);
            setSecret(rotated);
          }}
        />
      ) : null}
      {secret ? <SecretOnce name={name} secret={secret} onClose={() => setSecret('')} /> : null}
    </>
  );
}

/** Tells how a command on the channel went. */
function useTell({ notificationChannelId, name }: NotificationChannel) {
  const dispatch = useDispatch();
  return (error: unknown, done: string): void => {
    const id = `channel-${notificationChannelId}`;
    if (!error) {
      dispatch(notified({ id, type: 'success', header: done }));
      return;
    }
    const content = isProblem(error) ? describe(error) : 'The console failed. Try again.';
    dispatch(notified({ id, type: 'error', header: `That did not work for ${name}`, content }));
  };
}

function DeleteChannelModal(props: {
  channel: NotificationChannel;
  onClose: () => void;
  onDeleted: () => void;
}) {
  const { channel, onClose, onDeleted } = props;
  const [remove, { isLoading, error }] = useDeleteChannelMutation();
  const tell = useTell(channel);
  const navigate = useNavigate();
  const confirm = async (): Promise<void> => {
    const answer = await remove(channel.notificationChannelId);
    if (answer.error) return;
    tell(undefined, `Deleted notification channel ${channel.name}`);
    onDeleted();
    void navigate(paths.notificationChannels);
  };
  return (
    <ConfirmModal
      title="Delete notification channel"
      confirm="Delete"
      busy={isLoading}
      error={error}
      onConfirm={() => void confirm()}
      onCancel={onClose}
    >
      <SpaceBetween size="s">
        <span>
          Delete <b>{channel.name}</b> for good?
        </span>
        <Alert type="info">
          Nothing more is sent to it, also not what waits to be tried again. What was sent stays in the
          history of its alerts.
        </Alert>
      </SpaceBetween>
    </ConfirmModal>
  );
}

function RotateSecretModal(props: {
  channel: NotificationChannel;
  onClose: () => void;
  onRotated: (secret: string) => void;
}) {
  const { channel, onClose, onRotated } = props;
  const [rotate, { isLoading, error }] = useRotateSecretMutation();
  const confirm = async (): Promise<void> => {
    const { data } = await rotate(channel.notificationChannelId);
    if (data) onRotated(data.secret);
  };
  return (
    <ConfirmModal
      title="New signing secret"
      confirm="Make a new secret"
      busy={isLoading}
      error={error}
      onConfirm={() => void confirm()}
      onCancel={onClose}
    >
      The present secret of <b>{channel.name}</b> stops signing at once: until the receiver knows the new one,
      it will refuse messages. They are tried again.
    </ConfirmModal>
  );
}
