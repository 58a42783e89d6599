import DateRangePicker, { type DateRangePickerProps } from '@cloudscape-design/components/date-range-picker';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { rangeText, ZoneControl } from './relative-range-control.tsx';
import { zoneOffset } from './time.ts';
import { type RelativeRange, relativeRangeNames, relativeRanges, useTimeRange } from './time-range.ts';

const longest = 90 * 86_400;

const options: DateRangePickerProps.RelativeOption[] = relativeRangeNames.map((name) => ({
  key: name,
  type: 'relative',
  ...amountOf(name),
}));

/** Chooses the time range, relative or absolute, and its zone. Both stand in the address. */
export function TimeRangeControl() {
  const [range, change] = useTimeRange();
  const offset = (date: Date): number => zoneOffset(date, range.zone);
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <DateRangePicker
        ariaLabel="Time range"
        value={pickerValue(range)}
        relativeOptions={options}
        showClearButton={false}
        rangeSelectorMode="default"
        getTimeOffset={offset}
        absoluteFormat="long-localized"
        locale="en-GB"
        customRelativeRangeUnits={['minute', 'hour', 'day']}
        isValidRange={validate}
        expandToViewport
        onChange={({ detail }) => {
          const { value } = detail;
          if (value?.type === 'absolute') {
            change({
              from: new Date(value.startDate).toISOString(),
              to: new Date(value.endDate).toISOString(),
            });
          } else if (value) {
            const name = nameOf(value);
            if (name) change({ range: name, from: '', to: '' });
          }
        }}
        renderRelativeRangeContent={(selected, select) => (
          <RelativeChoice selected={selected ? nameOf(selected) : undefined} select={select} />
        )}
        i18nStrings={{
          formatRelativeRange: ({ amount, unit }) => `Last ${amount} ${unit}${amount === 1 ? '' : 's'}`,
        }}
      />
      <ZoneControl />
    </SpaceBetween>
  );
}

function RelativeChoice(props: {
  selected: RelativeRange | undefined;
  select: (value: DateRangePickerProps.RelativeValue) => void;
}) {
  return (
    <Select
      ariaLabel="Length of the range up to now"
      selectedOption={props.selected ? optionOf(props.selected) : null}
      placeholder="Choose a length"
      options={relativeRangeNames.map(optionOf)}
      onChange={({ detail }) => {
        const chosen = options.find((option) => option.key === detail.selectedOption.value);
        if (chosen) props.select(chosen);
      }}
    />
  );
}

function optionOf(name: RelativeRange): { value: string; label: string } {
  return { value: name, label: rangeText(name) };
}

function amountOf(name: RelativeRange): { amount: number; unit: 'minute' | 'hour' | 'day' } {
  const units = { m: 'minute', h: 'hour', d: 'day' } as const;
  return { amount: Number.parseInt(name, 10), unit: units[name.slice(-1) as keyof typeof units] };
}

function pickerValue(range: ReturnType<typeof useTimeRange>[0]): DateRangePickerProps.Value {
  if (range.absolute) return { type: 'absolute', startDate: range.from, endDate: range.to };
  return { type: 'relative', key: range.range, ...amountOf(range.range) };
}

/** The range of ours that a relative value means, if there is one. */
function nameOf(value: DateRangePickerProps.RelativeValue): RelativeRange | undefined {
  const sizes: Record<string, number> = { minute: 60, hour: 3600, day: 86_400 };
  const length = value.amount * (sizes[value.unit] ?? 0);
  return relativeRangeNames.find((name) => relativeRanges[name] === length);
}

function validate(value: DateRangePickerProps.Value | null): DateRangePickerProps.ValidationResult {
  const invalid = (errorMessage: string) => ({ valid: false as const, errorMessage });
  if (!value) return invalid('Choose a time range.');
  if (value.type === 'relative') {
    return nameOf(value) ? { valid: true } : invalid('Choose one of the offered lengths.');
  }
  const from = Date.parse(value.startDate);
  const to = Date.parse(value.endDate);
  if (Number.isNaN(from) || Number.isNaN(to)) return invalid('Enter both a start and an end.');
  if (from >= to) return invalid('The start must be before the end.');
  if (to - from > longest * 1000) return invalid('The range may be 90 days long at most.');
  return { valid: true };
}
