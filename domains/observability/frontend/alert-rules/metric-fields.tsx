import Autosuggest from '@cloudscape-design/components/autosuggest';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { Failed } from '#shared/frontend/page-states.tsx';
import { distinct, useMetricCatalogue } from '../metric-catalogue.ts';
import type { Metric } from '../types.ts';
import { dimensionsText } from '../words.ts';

/** Chooses one metric by namespace, name and dimensions out of those that exist. */
export function MetricFields(props: {
  metric: Metric;
  error: string | undefined;
  onChange: (metric: Metric) => void;
}) {
  const { metric, error, onChange } = props;
  const everything = useMetricCatalogue();
  const within = useMetricCatalogue(metric.namespace);
  const namespaces = distinct(everything.metrics, (each) => each.namespace);
  const names = distinct(within.metrics, (each) => each.metricName);
  const sets = (within.metrics ?? []).filter((each) => each.metricName === metric.metricName);
  const chosen = dimensionsText(metric.dimensions);
  const setOptions = distinct(sets, (each) => dimensionsText(each.dimensions)).map((value) => ({
    value,
    label: value,
  }));
  const status = (fetching: boolean) => (fetching ? 'loading' : 'finished');
  return (
    <SpaceBetween size="m">
      {everything.error ? (
        <Failed what="metrics" error={everything.error} onRetry={everything.retry} />
      ) : null}
      <ColumnLayout columns={2}>
        <FormField label="Namespace" errorText={metric.namespace ? '' : (error ?? '')}>
          <Autosuggest
            value={metric.namespace}
            options={namespaces.map((value) => ({ value }))}
            statusType={status(everything.isFetching)}
            loadingText="Loading namespaces…"
            placeholder="AWS/Lambda"
            enteredTextLabel={(value) => `Use “${value}”`}
            empty="No namespaces yet"
            onChange={({ detail }) => onChange({ namespace: detail.value, metricName: '', dimensions: {} })}
          />
        </FormField>
        <FormField label="Metric" errorText={metric.namespace ? (error ?? '') : ''}>
          <Autosuggest
            value={metric.metricName}
            disabled={!metric.namespace}
            options={names.map((value) => ({ value }))}
            statusType={status(within.isFetching)}
            loadingText="Loading metrics…"
            placeholder="Errors"
            enteredTextLabel={(value) => `Use “${value}”`}
            empty="No metrics in this namespace"
            onChange={({ detail }) => onChange({ ...metric, metricName: detail.value, dimensions: {} })}
          />
        </FormField>
      </ColumnLayout>
      <FormField
        label="Dimensions"
        description="Which of the metrics of that name: each set of dimensions is one."
      >
        <Select
          selectedOption={{ value: chosen, label: chosen }}
          disabled={!metric.metricName}
          options={setOptions}
          filteringType="auto"
          filteringAriaLabel="Find dimensions"
          empty="No such metric has been published"
          onChange={({ detail }) => {
            const set = sets.find((each) => dimensionsText(each.dimensions) === detail.selectedOption.value);
            if (set) onChange({ ...metric, dimensions: set.dimensions });
          }}
        />
      </FormField>
    </SpaceBetween>
  );
}
