import ColumnLayout from '@cloudscape-design/components/column-layout';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { unitNames } from '#shared/frontend/format.ts';
import { formatLength } from '#shared/frontend/time.ts';
import { unitOf } from '../metric-unit.ts';
import type { Comparison, MissingData } from '../types.ts';
import { comparisons, missingDataWords, statistics } from '../words.ts';
import { type DraftErrors, periods, type RuleDraft } from './rule-draft.ts';

/** When the alert is raised: the statistic, the line, and how often it must be crossed. */
export function ConditionFields(props: {
  draft: RuleDraft;
  errors: DraftErrors;
  onChange: (changes: Partial<RuleDraft>) => void;
}) {
  const { draft, errors, onChange } = props;
  const unit = unitNames[unitOf(draft.metric, draft.statistic)];
  return (
    <SpaceBetween size="m">
      <ColumnLayout columns={2}>
        <FormField label="Statistic" errorText={errors.statistic ?? ''}>
          <Select
            selectedOption={{ value: draft.statistic, label: draft.statistic }}
            options={statistics.map((value) => ({ value, label: value }))}
            onChange={({ detail }) => onChange({ statistic: detail.selectedOption.value ?? draft.statistic })}
          />
        </FormField>
        <FormField
          label="Period"
          constraintText="10 s and 30 s suit only metrics of high resolution."
          errorText={errors.period ?? ''}
        >
          <Select
            selectedOption={{ value: String(draft.period), label: formatLength(draft.period) }}
            options={periods.map((period) => ({ value: String(period), label: formatLength(period) }))}
            onChange={({ detail }) => onChange({ period: Number(detail.selectedOption.value) })}
          />
        </FormField>
        <FormField label="Raise when the value is" errorText={errors.comparison ?? ''}>
          <Select
            selectedOption={comparisonOption(draft.comparison)}
            options={(Object.keys(comparisons) as Comparison[]).map(comparisonOption)}
            onChange={({ detail }) => onChange({ comparison: detail.selectedOption.value as Comparison })}
          />
        </FormField>
        <FormField label="Threshold" constraintText={`Unit: ${unit}.`} errorText={errors.threshold ?? ''}>
          <Input
            value={draft.threshold}
            inputMode="decimal"
            onChange={({ detail }) => onChange({ threshold: detail.value })}
          />
        </FormField>
        <FormField
          label="Evaluation periods"
          constraintText="How many of the latest periods are looked at."
          errorText={errors.evaluationPeriods ?? ''}
        >
          <Input
            value={draft.evaluationPeriods}
            inputMode="numeric"
            onChange={({ detail }) => onChange({ evaluationPeriods: detail.value })}
          />
        </FormField>
        <FormField
          label="Data points to alarm"
          constraintText="How many of them must cross the line to raise the alert."
          errorText={errors.datapointsToAlarm ?? ''}
        >
          <Input
            value={draft.datapointsToAlarm}
            inputMode="numeric"
            onChange={({ detail }) => onChange({ datapointsToAlarm: detail.value })}
          />
        </FormField>
      </ColumnLayout>
      <FormField
        label="Missing data"
        description="What a period without values means."
        constraintText={missingDataWords[draft.missingData].means}
        errorText={errors.missingData ?? ''}
      >
        <Select
          selectedOption={missingOption(draft.missingData)}
          options={(Object.keys(missingDataWords) as MissingData[]).map(missingOption)}
          onChange={({ detail }) => onChange({ missingData: detail.selectedOption.value as MissingData })}
        />
      </FormField>
    </SpaceBetween>
  );
}

function comparisonOption(value: Comparison) {
  return { value, label: `${comparisons[value].words} (${comparisons[value].sign})` };
}

function missingOption(value: MissingData) {
  return { value, label: missingDataWords[value].title, description: missingDataWords[value].means };
}
