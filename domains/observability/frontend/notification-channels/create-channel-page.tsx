import HelpPanel from '@cloudscape-design/components/help-panel';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { paths } from '../paths.ts';
import { useCreateChannelMutation } from './channel-api.ts';
import { emptyDraft } from './channel-draft.ts';
import { ChannelForm } from './channel-form.tsx';
import { SecretOnce } from './secret-once.tsx';
import type { ChannelDefinition } from './types.ts';

/** Creates a notification channel, then shows its signing secret this once. */
export default function CreateChannelPage() {
  const [create, { isLoading, error, reset }] = useCreateChannelMutation();
  const [made, setMade] = useState<{ id: string; name: string; secret: string }>();
  const [initial] = useState(() => emptyDraft(window.location.origin));
  const navigate = useNavigate();
  const save = async (definition: ChannelDefinition): Promise<boolean> => {
    const { data } = await create(definition);
    if (!data) return false;
    const id = data.stream.slice(data.stream.indexOf('/') + 1);
    setMade({ id, name: definition.name, secret: data.secret });
    // Nothing but the window below may still hold the secret.
    reset();
    return true;
  };
  return (
    <>
      <ChannelForm
        title="Create notification channel"
        initial={initial}
        save="Create notification channel"
        cancelTo={paths.notificationChannels}
        busy={isLoading}
        error={error}
        onSave={save}
        onSaved={() => undefined}
      />
      {made ? (
        <SecretOnce
          name={made.name}
          secret={made.secret}
          onClose={() => void navigate(paths.notificationChannel(made.id))}
        />
      ) : null}
    </>
  );
}

export function Help() {
  return (
    <HelpPanel header={<h2>Notification channel</h2>}>
      <p>
        A channel posts a signed message to an address of yours when an alert of the chosen severities is
        raised, acknowledged or resolved. Messages of silenced alerts are withheld.
      </p>
      <p>
        The signing secret is shown once, after the channel is created. The receiver uses it to know that a
        message is from here. Each message has an id that stays the same when it is sent again, so that a
        receiver can drop what it has already had.
      </p>
      <p>
        An answer of 200 to 299 within 5 seconds counts as delivered. Redirects are not followed. Otherwise
        the message is tried again with growing pauses, six times in all.
      </p>
    </HelpPanel>
  );
}
