import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import HelpPanel from '@cloudscape-design/components/help-panel';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type ReactNode, useState } from 'react';
import { csvOf, download } from '#shared/frontend/csv.ts';
import { formatValue } from '#shared/frontend/format.ts';
import { Empty, Failed, Loading } from '#shared/frontend/page-states.tsx';
import { useUrlState } from '#shared/frontend/url-state.ts';
import { dayAt, daysBetween } from '../../cost-explorer/days.ts';
import { type Cost, useAskCostAgainMutation, useCostQuery } from './api.ts';
import { changeOf, changeText, costRows } from './cost-bars.ts';
import { CostChart } from './cost-chart.tsx';
import { CostControls, groupingTexts } from './cost-controls.tsx';
import { CostGroupsTable } from './cost-groups-table.tsx';
import { costKeys, wishOf } from './cost-state.ts';
import { rangeText } from './day-text.ts';
import { Freshness } from './freshness.tsx';

/** What the installation costs: over time, by group, and against the period before. */
export default function CostPage() {
  const [choice, change] = useUrlState(costKeys);
  const [today] = useState(() => dayAt(Date.now()));
  const wish = wishOf(choice, today);
  const query = useCostQuery(wish);
  const [askAgain, asking] = useAskCostAgainMutation();
  const cost = query.currentData;
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          description={`Unblended cost of this AWS account, ${rangeText(wish.from, wish.to)}, from Cost Explorer.`}
          actions={
            <Button
              iconName="download"
              disabled={!cost || cost.groups.length === 0}
              onClick={() =>
                cost && download(`cost-${cost.from}-${cost.to}.csv`, 'text/csv', csvOf(costRows(cost)))
              }
            >
              Download CSV
            </Button>
          }
        >
          Cost
        </Header>
      }
    >
      <SpaceBetween size="l">
        <CostControls choice={choice} today={today} onChange={change} />
        {query.error ? (
          <Failed what="the cost" error={query.error} onRetry={() => void query.refetch()} />
        ) : cost ? (
          <SpaceBetween size="l">
            <Container header={<Header variant="h2">In all</Header>}>
              <SpaceBetween size="m">
                <Summary cost={cost} today={today} />
                <Freshness
                  asked={cost}
                  asking={asking.isLoading}
                  error={asking.error}
                  onAsk={() => void askAgain(wish)}
                />
              </SpaceBetween>
            </Container>
            {cost.partial ? (
              <Alert type="warning" header="Not all of it">
                AWS has more groups than the {cost.requests} pages asked for, so every sum is too low. Choose
                a shorter range or group by service.
              </Alert>
            ) : null}
            <Container header={<Header variant="h2">Over time</Header>}>
              {cost.total === 0 && cost.groups.length === 0 ? (
                <Empty title="No cost in this range">What is used shows up here within a day.</Empty>
              ) : (
                <CostChart
                  cost={cost}
                  view={choice.view}
                  onView={(view) => change({ view }, { replace: true })}
                />
              )}
            </Container>
            <CostGroupsTable cost={cost} grouping={groupingTexts[choice.by]} />
          </SpaceBetween>
        ) : (
          <Loading what="the cost" />
        )}
      </SpaceBetween>
    </ContentLayout>
  );
}

function Summary({ cost, today }: { cost: Cost; today: string }) {
  const change = changeOf(cost.total, cost.previousTotal);
  const days = daysBetween(cost.from, cost.to);
  const ofToday = cost.granularity === 'daily' && cost.periods.find(({ from }) => from === today);
  return (
    <KeyValuePairs
      columns={4}
      minColumnWidth={180}
      items={[
        figure(
          'Total',
          formatValue(cost.total, 'dollars'),
          cost.estimated ? 'partly estimated: AWS may still change it' : 'final',
        ),
        cost.previousTotal === undefined
          ? figure('Against the period before', 'Unknown', 'AWS keeps no days that old')
          : figure(
              'Against the period before',
              change === undefined ? 'New' : changeText(change),
              `${formatValue(cost.previousTotal, 'dollars')} in the ${days} days before`,
            ),
        figure('Mean per day', formatValue(cost.total / days, 'dollars'), `over ${days} days`),
        ...(ofToday
          ? [
              figure(
                'Today so far',
                formatValue(ofToday.total, 'dollars'),
                'AWS reports use up to a day late',
              ),
            ]
          : []),
      ]}
    />
  );
}

function figure(label: string, value: string, detail: string): { label: string; value: ReactNode } {
  return {
    label,
    value: (
      <>
        <Box variant="awsui-value-large">{value}</Box>
        <Box color="text-body-secondary">{detail}</Box>
      </>
    ),
  };
}

export function Help() {
  return (
    <HelpPanel header={<h2>Cost</h2>}>
      <p>
        <b>Unblended cost</b> is what each use is charged on the day it happens. AWS reports it up to a day
        late and changes it until the bill is closed; such amounts are marked estimated.
      </p>
      <p>
        AWS takes $0.01 for each page of an answer. An answer is kept for 6 hours for everybody, and asked for
        again only when a person says so. Every new range, granularity or grouping is a question of its own.
      </p>
      <p>
        Grouping by a tag needs the tag to be activated as a cost allocation tag in AWS Billing; use of before
        then has no value.
      </p>
    </HelpPanel>
  );
}
