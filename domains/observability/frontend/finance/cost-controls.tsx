import Select, { type SelectProps } from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { lazy, Suspense } from 'react';
import { Loading } from '#shared/frontend/page-states.tsx';
import { addDays, type Day } from '../../cost-explorer/days.ts';
import { type CostChoice, costKeys, groupings, spanNames, spans, wishOf } from './cost-state.ts';

export const groupingTexts: Record<(typeof groupings)[number], string> = {
  service: 'Service',
  'usage-type': 'Usage type',
  region: 'Region',
  'tag:domain': 'Tag: domain',
  'tag:environment': 'Tag: environment',
};

const spanOptions = [
  ...spanNames.map((value) => ({ value: value as string, label: spans[value].text })),
  { value: 'custom', label: 'Days of your own' },
];
const stepOptions = [
  { value: 'auto', label: 'By day or month: automatic' },
  { value: 'daily', label: 'By day' },
  { value: 'monthly', label: 'By month' },
];
const groupingOptions = groupings.map((value) => ({ value, label: groupingTexts[value] }));

/** Loaded when they are first wanted: the calendar weighs more than the rest of the page, and few need it. */
const OwnDays = lazy(async () => ({ default: (await import('./own-days.tsx')).OwnDays }));

export interface ChoiceProps {
  choice: CostChoice;
  today: Day;
  onChange: (changes: Partial<CostChoice>) => void;
}

/** Chooses what the bill is of. Each new choice is one more question to AWS, so nothing is asked while choosing. */
export function CostControls({ choice, today, onChange }: ChoiceProps) {
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Choice
        label="Range"
        value={choice.span}
        options={spanOptions}
        onChange={(value) => {
          const span = costKeys.span.read(value) ?? '30d';
          const { from, to } = wishOf({ ...choice, step: 'daily' }, today);
          // One's own days begin as those that are on screen.
          onChange(
            span === 'custom' ? { span, first: from, last: addDays(to, -1) } : { span, first: '', last: '' },
          );
        }}
      />
      {choice.span === 'custom' ? (
        <Suspense fallback={<Loading what="the calendar" />}>
          <OwnDays choice={choice} today={today} onChange={onChange} />
        </Suspense>
      ) : null}
      <Choice
        label="Granularity"
        value={choice.step}
        options={stepOptions}
        onChange={(value) => onChange({ step: costKeys.step.read(value) ?? 'auto' })}
      />
      <Choice
        label="Group by"
        value={choice.by}
        options={groupingOptions}
        onChange={(value) => onChange({ by: costKeys.by.read(value) ?? 'service' })}
      />
    </SpaceBetween>
  );
}

function Choice(props: {
  label: string;
  value: string;
  options: readonly { value: string; label: string }[];
  onChange: (value: string) => void;
}) {
  const { label, value, options, onChange } = props;
  const chosen: SelectProps.Option | undefined = options.find((option) => option.value === value);
  return (
    <Select
      inlineLabelText={label}
      selectedOption={chosen ?? null}
      options={options}
      onChange={({ detail }) => onChange(detail.selectedOption.value ?? '')}
      expandToViewport
    />
  );
}
