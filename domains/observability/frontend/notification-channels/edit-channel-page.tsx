import { useCallback, useEffect, useState } from 'react';
import { useDispatch } from 'react-redux';
import { useNavigate, useParams } from 'react-router';
import { notified } from '#shared/frontend/notifications.ts';
import { Failed, Loading } from '#shared/frontend/page-states.tsx';
import { paths } from '../paths.ts';
import { useChangeChannelMutation, useChannelQuery } from './channel-api.ts';
import { draftOf } from './channel-draft.ts';
import { ChannelForm } from './channel-form.tsx';
import type { ChannelDefinition, NotificationChannel } from './types.ts';

export { Help } from './create-channel-page.tsx';

/** Changes a notification channel. Its secret stays as it is. */
export default function EditChannelPage() {
  const { notificationChannelId = '' } = useParams();
  const query = useChannelQuery(notificationChannelId, { refetchOnMountOrArgChange: true });
  const [filled, setFilled] = useState(false);
  const keep = useCallback(() => setFilled(true), []);
  // A form filled from what an earlier visit left in the cache would be refused as outdated; once filled it stays.
  if (query.currentData && (filled || !query.isFetching)) {
    return <EditForm key={notificationChannelId} loaded={query.currentData} onFilled={keep} />;
  }
  return query.error ? (
    <Failed what="notification channels" error={query.error} onRetry={() => void query.refetch()} />
  ) : (
    <Loading what="the notification channel" />
  );
}

function EditForm({ loaded, onFilled }: { loaded: NotificationChannel; onFilled: () => void }) {
  useEffect(onFilled, [onFilled]);
  // The form keeps the version it was filled from: a newer one is somebody else's change, which the API will tell.
  const [channel] = useState(loaded);
  const [initial] = useState(() => draftOf(loaded));
  const [change, { isLoading, error }] = useChangeChannelMutation();
  const dispatch = useDispatch();
  const navigate = useNavigate();
  const { notificationChannelId: id, version } = channel;
  const save = async (definition: ChannelDefinition): Promise<boolean> => {
    const answer = await change({ id, version, definition });
    if (answer.error) return false;
    dispatch(
      notified({
        id: `changed-${id}`,
        type: 'success',
        header: `Saved notification channel ${definition.name}`,
      }),
    );
    return true;
  };
  return (
    <ChannelForm
      title={`Edit ${channel.name}`}
      initial={initial}
      save="Save changes"
      cancelTo={paths.notificationChannel(id)}
      busy={isLoading}
      error={error}
      onSave={save}
      onSaved={() => void navigate(paths.notificationChannel(id))}
    />
  );
}
