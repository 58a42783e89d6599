import DateRangePicker, { type DateRangePickerProps } from '@cloudscape-design/components/date-range-picker';
import { type Day, daysBetween, firstOfMonthAfter } from '../../cost-explorer/days.ts';
import type { ChoiceProps } from './cost-controls.tsx';

/** The first and the last day of a range of one's own, among those that AWS keeps. */
export function OwnDays({ choice, today, onChange }: ChoiceProps) {
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
