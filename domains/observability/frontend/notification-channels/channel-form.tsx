import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Checkbox from '@cloudscape-design/components/checkbox';
import Container from '@cloudscape-design/components/container';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { PageButton } from '#shared/frontend/links.tsx';
import { describe, isProblem } from '#shared/frontend/problem.ts';
import { UnsavedChanges } from '#shared/frontend/unsaved-changes.tsx';
import { momentWords, severities } from '../words.ts';
import { type ChannelDraft, checkDraft, definitionOf, errorsOfApi, isEscalated } from './channel-draft.ts';
import type { ChannelDefinition } from './types.ts';

/** The form of a channel. `onSave` sends it; it answers whether that went well, so that leaving asks only when it did not. */
export function ChannelForm(props: {
  title: string;
  initial: ChannelDraft;
  save: string;
  cancelTo: string;
  busy: boolean;
  error: unknown;
  onSave: (definition: ChannelDefinition) => Promise<boolean>;
  onSaved: () => void;
}) {
  const { title, initial, save, cancelTo, busy, error, onSave, onSaved } = props;
  const [draft, setDraft] = useState(initial);
  const [tried, setTried] = useState(false);
  const [saved, setSaved] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const leave = useRef(onSaved);
  leave.current = onSaved;
  // Only once nothing counts as unsaved any more, or leaving would ask.
  useEffect(() => {
    if (saved) leave.current();
  }, [saved]);
  const problem = isProblem(error) ? error : undefined;
  const errors = tried ? { ...errorsOfApi(problem?.errors ?? []), ...checkDraft(draft) } : {};
  const change = (changes: Partial<ChannelDraft>): void =>
    setDraft((current) => ({ ...current, ...changes }));
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(checkDraft(draft)).length > 0) {
      requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
      return;
    }
    if (await onSave(definitionOf(draft))) setSaved(true);
  };
  return (
    <form ref={form} noValidate onSubmit={(event) => void submit(event)}>
      <UnsavedChanges unsaved={!saved && JSON.stringify(draft) !== JSON.stringify(initial)} />
      <Form
        header={<Header variant="h1">{title}</Header>}
        errorText={error ? (problem ? describe(problem) : 'The console failed. Try again.') : ''}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <PageButton to={cancelTo} variant="link" formAction="none">
              Cancel
            </PageButton>
            <Button variant="primary" loading={busy}>
              {save}
            </Button>
          </SpaceBetween>
        }
      >
        <SpaceBetween size="l">
          {problem?.status === 412 ? (
            <Alert type="warning" header="Somebody else changed this channel">
              Open the channel again to see what it is now, then make your change.
            </Alert>
          ) : null}
          <Container header={<Header variant="h2">Webhook</Header>}>
            <SpaceBetween size="m">
              <FormField
                label="Name"
                description="People read it beside what was sent."
                errorText={errors.name ?? ''}
              >
                <Input value={draft.name} onChange={({ detail }) => change({ name: detail.value })} />
              </FormField>
              <FormField
                label="Address"
                description="Each message is posted here as JSON and signed. It must be reachable from the internet."
                errorText={errors.url ?? ''}
              >
                <Input
                  type="url"
                  value={draft.url}
                  placeholder="https://hooks.example.com/alerts"
                  onChange={({ detail }) => change({ url: detail.value })}
                />
              </FormField>
              <FormField
                label={
                  <span>
                    Address of the console <i>- optional</i>
                  </span>
                }
                description="The links in messages lead here."
                errorText={errors.consoleUrl ?? ''}
              >
                <Input
                  type="url"
                  value={draft.consoleUrl}
                  onChange={({ detail }) => change({ consoleUrl: detail.value })}
                />
              </FormField>
            </SpaceBetween>
          </Container>
          <Container header={<Header variant="h2">What to send</Header>}>
            <SpaceBetween size="m">
              <Choices
                label="Alerts of these severities"
                words={severities}
                chosen={draft.severities}
                error={errors.severities}
                onChange={(chosen) => change({ severities: chosen })}
              />
              <Choices
                label="When an alert is"
                words={momentWords}
                chosen={draft.moments}
                error={errors.moments}
                onChange={(chosen) => change({ moments: chosen })}
              />
              {isEscalated(draft) ? (
                <FormField
                  label="Minutes until it is escalated"
                  description="This channel is told when nobody has acknowledged an alert for so long."
                  errorText={errors.escalateAfter ?? ''}
                >
                  <Input
                    type="number"
                    inputMode="numeric"
                    value={draft.escalateAfter}
                    onChange={({ detail }) => change({ escalateAfter: detail.value })}
                  />
                </FormField>
              ) : null}
            </SpaceBetween>
          </Container>
        </SpaceBetween>
      </Form>
    </form>
  );
}

function Choices<Choice extends string>(props: {
  label: string;
  words: Readonly<Record<Choice, string>>;
  chosen: readonly Choice[];
  error: string | undefined;
  onChange: (chosen: Choice[]) => void;
}) {
  const { label, words, chosen, error = '', onChange } = props;
  const all = Object.keys(words) as Choice[];
  return (
    <FormField label={label} errorText={error}>
      <fieldset aria-label={label} style={{ border: 0, margin: 0, padding: 0 }}>
        <SpaceBetween direction="horizontal" size="l">
          {all.map((choice) => (
            <Checkbox
              key={choice}
              checked={chosen.includes(choice)}
              onChange={({ detail }) =>
                onChange(all.filter((each) => (each === choice ? detail.checked : chosen.includes(each))))
              }
            >
              {words[choice]}
            </Checkbox>
          ))}
        </SpaceBetween>
      </fieldset>
    </FormField>
  );
}
