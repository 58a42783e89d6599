import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { type ReactNode, useEffect, useState } from 'react';
import { useMay } from '#shared/frontend/identity.ts';
import { PageButton } from '#shared/frontend/links.tsx';
import { Empty } from '#shared/frontend/page-states.tsx';
import { operators } from '#shared/frontend/roles.ts';
import { paths } from '../paths.ts';
import type { SeriesWish } from '../types.ts';
import { dimensionsText, statistics } from '../words.ts';

/** What the chart draws, one row a series: a metric with its statistic, or an expression. */
export function SeriesTable(props: {
  series: readonly SeriesWish[];
  onChange: (series: SeriesWish[]) => void;
  actions: ReactNode;
}) {
  const { series, onChange, actions } = props;
  const put = (changed: SeriesWish): void =>
    onChange(series.map((each) => (each.id === changed.id ? changed : each)));
  return (
    <Table
      items={series}
      trackBy="id"
      wrapLines
      ariaLabels={{ tableLabel: 'Series' }}
      header={
        <Header variant="h2" counter={`(${series.length})`} actions={actions}>
          Series
        </Header>
      }
      empty={<Empty title="No series">Add metrics to draw them.</Empty>}
      columnDefinitions={[
        { id: 'id', header: 'Id', width: 70, isRowHeader: true, cell: (wish) => <code>{wish.id}</code> },
        {
          id: 'what',
          header: 'Metric or expression',
          minWidth: 260,
          cell: (wish) =>
            'expression' in wish ? (
              <ExpressionInput wish={wish} onChange={put} />
            ) : (
              `${wish.namespace} ${wish.metricName}`
            ),
        },
        {
          id: 'dimensions',
          header: 'Dimensions',
          minWidth: 200,
          cell: (wish) => ('expression' in wish ? '–' : dimensionsText(wish.dimensions)),
        },
        {
          id: 'statistic',
          header: 'Statistic',
          minWidth: 170,
          cell: (wish) =>
            'expression' in wish ? (
              '–'
            ) : (
              <Select
                ariaLabel={`Statistic of ${wish.id}`}
                selectedOption={{ value: wish.statistic, label: wish.statistic }}
                options={statistics.map((value) => ({ value, label: value }))}
                onChange={({ detail }) =>
                  put({ ...wish, statistic: detail.selectedOption.value ?? wish.statistic })
                }
                expandToViewport
              />
            ),
        },
        {
          id: 'actions',
          header: 'Actions',
          minWidth: 130,
          cell: (wish) => (
            <SpaceBetween direction="horizontal" size="xxs">
              <RuleFromSeries wish={wish} />
              <Button
                variant="icon"
                iconName="remove"
                ariaLabel={`Remove ${wish.id}`}
                onClick={() => onChange(series.filter((each) => each.id !== wish.id))}
              />
            </SpaceBetween>
          ),
        },
      ]}
    />
  );
}

function RuleFromSeries({ wish }: { wish: SeriesWish }) {
  const may = useMay(operators);
  if (!may || 'expression' in wish) return null;
  const { namespace, metricName, dimensions, statistic } = wish;
  const search = new URLSearchParams({
    metric: JSON.stringify({ namespace, metricName, dimensions }),
    statistic,
  });
  return (
    <PageButton
      variant="icon"
      iconName="notification"
      ariaLabel={`Create an alert rule on ${wish.id}`}
      to={`${paths.newAlertRule}?${search}`}
    />
  );
}

type ExpressionWish = Extract<SeriesWish, { expression: string }>;

/** An expression takes effect when it is finished, with Enter or by leaving the field. */
function ExpressionInput({
  wish,
  onChange,
}: {
  wish: ExpressionWish;
  onChange: (wish: ExpressionWish) => void;
}) {
  const [typed, setTyped] = useState(wish.expression);
  useEffect(() => setTyped(wish.expression), [wish.expression]);
  const finish = (): void => {
    if (typed !== wish.expression) onChange({ ...wish, expression: typed });
  };
  return (
    <Input
      ariaLabel={`Expression of ${wish.id}`}
      placeholder="100 * m1 / m2"
      value={typed}
      spellcheck={false}
      onChange={({ detail }) => setTyped(detail.value)}
      onBlur={finish}
      onKeyDown={({ detail }) => {
        if (detail.key === 'Enter') finish();
      }}
    />
  );
}
