import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { PageButton } from '#shared/frontend/links.tsx';
import { describe, isProblem } from '#shared/frontend/problem.ts';
import { UnsavedChanges } from '#shared/frontend/unsaved-changes.tsx';
import type { AlertRuleDefinition, Severity } from '../types.ts';
import { severities } from '../words.ts';
import { ConditionFields } from './condition-fields.tsx';
import { MetricFields } from './metric-fields.tsx';
import { checkDraft, definitionOf, errorsOfApi, numberOf, type RuleDraft } from './rule-draft.ts';
import { RulePreview } from './rule-preview.tsx';

/**
 * The form of a rule, with the metric and the line drawn as they are entered. `onSave` sends the rule; it answers whether
 * that went well, so that leaving the page asks only about what is not saved.
 */
export function RuleForm(props: {
  title: string;
  initial: RuleDraft;
  save: string;
  cancelTo: string;
  busy: boolean;
  error: unknown;
  onSave: (definition: AlertRuleDefinition) => Promise<boolean>;
  onSaved: () => void;
}) {
  const { title, initial, save, cancelTo, busy, error, onSave, onSaved } = props;
  const [draft, setDraft] = useState(initial);
  const [tried, setTried] = useState(false);
  const [saved, setSaved] = useState(false);
  const severityLabel = useId();
  const form = useRef<HTMLFormElement>(null);
  const leave = useRef(onSaved);
  leave.current = onSaved;
  // Only once nothing counts as unsaved any more, or leaving would ask.
  useEffect(() => {
    if (saved) leave.current();
  }, [saved]);
  const problem = isProblem(error) ? error : undefined;
  const errors = tried ? { ...errorsOfApi(problem?.errors ?? []), ...checkDraft(draft) } : {};
  const change = (changes: Partial<RuleDraft>): void => setDraft((current) => ({ ...current, ...changes }));
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(checkDraft(draft)).length > 0) {
      requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
      return;
    }
    if (!(await onSave(definitionOf(draft)))) return;
    setSaved(true);
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
            <Alert type="warning" header="Somebody else changed this rule">
              Open the rule again to see what it is now, then make your change.
            </Alert>
          ) : null}
          <Container header={<Header variant="h2">Rule</Header>}>
            <SpaceBetween size="m">
              <FormField
                label="Name"
                description="People read it in the alert."
                errorText={errors.name ?? ''}
              >
                <Input value={draft.name} onChange={({ detail }) => change({ name: detail.value })} />
              </FormField>
              <FormField
                label={
                  <span>
                    Description <i>- optional</i>
                  </span>
                }
                description="What it means, and what to do first."
                errorText={errors.description ?? ''}
              >
                <Textarea
                  value={draft.description}
                  rows={2}
                  onChange={({ detail }) => change({ description: detail.value })}
                />
              </FormField>
              <FormField label={<span id={severityLabel}>Severity</span>} errorText={errors.severity ?? ''}>
                <SegmentedControl
                  ariaLabelledby={severityLabel}
                  selectedId={draft.severity}
                  options={(Object.keys(severities) as Severity[]).map((id) => ({
                    id,
                    text: severities[id],
                  }))}
                  onChange={({ detail }) => change({ severity: detail.selectedId as Severity })}
                />
              </FormField>
            </SpaceBetween>
          </Container>
          <Container header={<Header variant="h2">Metric</Header>}>
            <MetricFields
              metric={draft.metric}
              error={errors.metric}
              onChange={(metric) => change({ metric })}
            />
          </Container>
          <Container header={<Header variant="h2">Condition</Header>}>
            <ConditionFields draft={draft} errors={errors} onChange={change} />
          </Container>
          <Container header={<Header variant="h2">Preview</Header>}>
            <RulePreview definition={{ ...draft, threshold: numberOf(draft.threshold) }} />
          </Container>
        </SpaceBetween>
      </Form>
    </form>
  );
}
