import DateRangePicker, { type DateRangePickerProps } from '@cloudscape-design/components/date-range-picker';
import Select, { type SelectProps } from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { addDays, type Day, daysBetween, firstOfMonthAfter } from '../../cost-explorer/days.ts';
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

/** Chooses what the bill is of. Each new choice is one more question to AWS, so nothing is asked while choosing. */
export function CostControls(props: {
  choice: CostChoice;
  today: Day;
  onChange: (changes: Partial<CostChoice>) => void;
}) {
  const { choice, today, onChange } = props;
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
      {choice.span === 'custom' ? <OwnDays choice={choice} today={today} onChange={onChange} /> : null}
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

function OwnDays({ choice, today, onChange }: Parameters<typeof CostControls>[0]) {
  const oldest = firstOfMonthAfter(today, -13);
  const value: DateRangePickerProps.Value | null =
    choice.first === '' || choice.last === ''
      ? null
      : { type: 'absolute', startDate: choice.first, endDate: choice.last };
  return (
    <DateRangePicker
      ariaLabel="Days, both counted, in UTC"
      placeholder="First and last day"
      dateOnly
      rangeSelectorMode="absolute-only"
      showClearButton={false}
      absoluteFormat="long-localized"
      locale="en-GB"
      expandToViewport
      value={value}
      relativeOptions={[]}
      isDateEnabled={(date) => {
        const day = new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
        return day >= oldest && day <= today;
      }}
      isValidRange={(range) => validate(range, oldest, today)}
      onChange={({ detail }) => {
        if (detail.value?.type === 'absolute')
          onChange({ first: detail.value.startDate, last: detail.value.endDate });
      }}
    />
  );
}

function validate(
  range: DateRangePickerProps.Value | null,
  oldest: Day,
  today: Day,
): DateRangePickerProps.ValidationResult {
  const refuse = (errorMessage: string) => ({ valid: false as const, errorMessage });
  if (range?.type !== 'absolute' || !range.startDate || !range.endDate)
    return refuse('Choose a first and a last day.');
  if (range.startDate < oldest) return refuse(`AWS keeps no cost of days before ${oldest}.`);
  if (range.endDate > today) return refuse('The last day may not lie in the future.');
  if (daysBetween(range.startDate, range.endDate) >= 366) return refuse('Choose 12 months at most.');
  return { valid: true };
}
