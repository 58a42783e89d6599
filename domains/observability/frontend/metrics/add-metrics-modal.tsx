import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Modal from '@cloudscape-design/components/modal';
import Pagination from '@cloudscape-design/components/pagination';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useState } from 'react';
import { plural } from '#shared/frontend/format.ts';
import { Empty, Failed, NoMatch } from '#shared/frontend/page-states.tsx';
import { distinct, useMetricCatalogue } from '../metric-catalogue.ts';
import type { Metric } from '../types.ts';
import { dimensionsText, metricText, statistics } from '../words.ts';

const rowsPerPage = 15;
const anyNamespace = { value: '', label: 'Every namespace' };
const usual = { value: '', label: 'Sum of counts, else Average' };

/** Finds metrics by namespace, name and dimensions, and adds those that are ticked. */
export function AddMetricsModal(props: {
  /** How many series the chart still takes. */
  room: number;
  /** An empty statistic is the usual one of each metric. */
  onAdd: (metrics: readonly Metric[], statistic: string) => void;
  onClose: () => void;
}) {
  const { room, onAdd, onClose } = props;
  const [namespace, setNamespace] = useState('');
  const [find, setFind] = useState('');
  const [statistic, setStatistic] = useState('');
  const [chosen, setChosen] = useState<readonly Metric[]>([]);
  const [page, setPage] = useState(1);
  const catalogue = useMetricCatalogue();
  const words = find.toLowerCase().split(/\s+/).filter(Boolean);
  const found = (catalogue.metrics ?? []).filter(
    (metric) =>
      (!namespace || metric.namespace === namespace) &&
      words.every((word) => metricText(metric).toLowerCase().includes(word)),
  );
  const namespaces = distinct(catalogue.metrics, (metric) => metric.namespace);
  const namespaceOptions = [anyNamespace, ...namespaces.map((value) => ({ value, label: value }))];
  const pages = Math.max(1, Math.ceil(found.length / rowsPerPage));
  const current = Math.min(page, pages);
  const clear = (): void => {
    setNamespace('');
    setFind('');
  };
  return (
    <Modal
      visible
      size="large"
      header="Add metrics"
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              Cancel
            </Button>
            <Button variant="primary" disabled={chosen.length === 0} onClick={() => onAdd(chosen, statistic)}>
              {chosen.length === 0 ? 'Add metrics' : `Add ${plural(chosen.length, 'metric')}`}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {catalogue.error ? <Failed what="metrics" error={catalogue.error} onRetry={catalogue.retry} /> : null}
        <Table
          variant="embedded"
          contentDensity="compact"
          wrapLines
          selectionType="multi"
          items={found.slice((current - 1) * rowsPerPage, current * rowsPerPage)}
          trackBy={metricText}
          loading={!catalogue.metrics && !catalogue.error}
          loadingText="Loading metrics…"
          selectedItems={[...chosen]}
          onSelectionChange={({ detail }) => setChosen(detail.selectedItems.slice(0, room))}
          ariaLabels={{
            tableLabel: 'Metrics',
            selectionGroupLabel: 'Metrics to add',
            allItemsSelectionLabel: () => 'Choose every metric on this page',
            itemSelectionLabel: (_, metric) => `Choose ${metricText(metric)}`,
          }}
          filter={
            <SpaceBetween size="xs">
              <SpaceBetween direction="horizontal" size="xs">
                <Select
                  ariaLabel="Namespace"
                  selectedOption={
                    namespaceOptions.find((option) => option.value === namespace) ?? anyNamespace
                  }
                  options={namespaceOptions}
                  onChange={({ detail }) => setNamespace(detail.selectedOption.value ?? '')}
                  expandToViewport
                />
                <Select
                  ariaLabel="Statistic"
                  selectedOption={{ value: statistic, label: `Statistic: ${statistic || usual.label}` }}
                  options={[usual, ...statistics.map((value) => ({ value, label: value }))]}
                  onChange={({ detail }) => setStatistic(detail.selectedOption.value ?? '')}
                  expandToViewport
                />
              </SpaceBetween>
              <FormField stretch>
                <TextFilter
                  filteringText={find}
                  filteringPlaceholder="Find by name or dimension, such as: errors checkout"
                  filteringAriaLabel="Find metrics"
                  countText={plural(found.length, 'metric')}
                  onChange={({ detail }) => setFind(detail.filteringText)}
                />
              </FormField>
            </SpaceBetween>
          }
          empty={
            catalogue.metrics?.length ? (
              <NoMatch what="metrics" onClear={clear} />
            ) : (
              <Empty title="No metrics yet">Metrics show up a few moments after something has run.</Empty>
            )
          }
          columnDefinitions={[
            { id: 'name', header: 'Metric', isRowHeader: true, cell: (metric) => metric.metricName },
            { id: 'namespace', header: 'Namespace', cell: (metric) => metric.namespace },
            { id: 'dimensions', header: 'Dimensions', cell: (metric) => dimensionsText(metric.dimensions) },
          ]}
        />
        <SpaceBetween direction="horizontal" size="m">
          <Pagination
            currentPageIndex={current}
            pagesCount={pages}
            ariaLabels={{ paginationLabel: 'Pages of metrics' }}
            onChange={({ detail }) => setPage(detail.currentPageIndex)}
          />
          {catalogue.hasMore ? (
            <Button loading={catalogue.isFetching} onClick={catalogue.more}>
              Load more metrics
            </Button>
          ) : null}
        </SpaceBetween>
      </SpaceBetween>
    </Modal>
  );
}
