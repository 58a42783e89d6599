import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import FormField from '@cloudscape-design/components/form-field';
import Grid from '@cloudscape-design/components/grid';
import Input from '@cloudscape-design/components/input';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { GroupSelect } from './group-select.tsx';
import { draftQuery, isTooLong, type LogDraft, levels } from './logs-state.ts';
import { samples } from './simple-query.ts';
import './query-editor.css';

interface Props {
  draft: LogDraft;
  onChange: (change: Partial<LogDraft>) => void;
  onRun: () => void;
  onStop: () => void;
  isRunning: boolean;
  isStopping: boolean;
  /** What AWS says is wrong with the query that was run. */
  queryError: string | undefined;
}

/** What to look for: a simple search, or a query of CloudWatch Logs Insights, in which log groups. */
export function QueryEditor(props: Props) {
  const { draft, onChange, onRun, onStop, isRunning, isStopping, queryError } = props;
  const query = draftQuery(draft);
  const tooLong = isTooLong(query, draft.groups);
  const blank = query.trim() === '';
  const run = (): void => {
    if (!blank && !tooLong) onRun();
  };
  return (
    <SpaceBetween size="s">
      <SpaceBetween direction="horizontal" size="xs">
        <SegmentedControl
          label="How to search"
          selectedId={draft.mode}
          onChange={({ detail }) =>
            onChange(
              detail.selectedId === 'query'
                ? { mode: 'query', query: draft.query || query }
                : { mode: 'simple' },
            )
          }
          options={[
            { id: 'simple', text: 'Simple search' },
            { id: 'query', text: 'Query' },
          ]}
        />
        <ButtonDropdown
          items={samples.map(({ id, text }) => ({ id, text }))}
          onItemClick={({ detail }) => {
            const sample = samples.find(({ id }) => id === detail.id);
            if (sample) onChange({ mode: 'query', query: sample.query });
          }}
          expandToViewport
        >
          Sample queries
        </ButtonDropdown>
      </SpaceBetween>
      {draft.mode === 'query' ? (
        <FormField
          label="Query"
          description="CloudWatch Logs Insights language. Ctrl+Enter or ⌘+Enter runs it."
          errorText={
            tooLong ? 'The query and its log groups are too long to be sent: shorten them.' : queryError
          }
          stretch
        >
          <div className="skafu-query">
            <Textarea
              value={draft.query}
              rows={Math.min(24, Math.max(4, draft.query.split('\n').length + 1))}
              spellcheck={false}
              disableBrowserAutocorrect
              onChange={({ detail }) => onChange({ query: detail.value })}
              onKeyDown={(event) => {
                const { key, ctrlKey, metaKey } = event.detail;
                if (key !== 'Enter' || !(ctrlKey || metaKey)) return;
                event.preventDefault();
                run();
              }}
            />
          </div>
        </FormField>
      ) : (
        <Grid gridDefinition={[{ colspan: { default: 12, s: 8 } }, { colspan: { default: 12, s: 4 } }]}>
          <FormField
            label="Text"
            description="Lines that hold it, as written."
            errorText={queryError}
            stretch
          >
            <Input
              type="search"
              value={draft.text}
              placeholder="Any text"
              onChange={({ detail }) => onChange({ text: detail.value })}
              onKeyDown={({ detail }) => {
                if (detail.key === 'Enter') run();
              }}
            />
          </FormField>
          <FormField label="Level" description="As the functions log it." stretch>
            <Select
              selectedOption={levelOption(draft.level)}
              options={levels.map(levelOption)}
              onChange={({ detail }) =>
                onChange({ level: levels.find((level) => level === detail.selectedOption.value) ?? 'any' })
              }
            />
          </FormField>
        </Grid>
      )}
      <GroupSelect chosen={draft.groups} onChange={(groups) => onChange({ groups })} />
      <SpaceBetween direction="horizontal" size="xs">
        <Button variant="primary" onClick={run} loading={isRunning} disabled={blank || tooLong}>
          Run
        </Button>
        <Button onClick={onStop} disabled={!isRunning || isStopping} loading={isStopping}>
          Cancel
        </Button>
      </SpaceBetween>
    </SpaceBetween>
  );
}

function levelOption(level: string): { value: string; label: string } {
  return { value: level, label: level === 'any' ? 'Any level' : level };
}
