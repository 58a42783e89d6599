import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import HelpPanel from '@cloudscape-design/components/help-panel';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import TokenGroup from '@cloudscape-design/components/token-group';
import { useMemo } from 'react';
import { plural } from '#shared/frontend/format.ts';
import { LineageLink } from '#shared/frontend/lineage-link.tsx';
import { PageLink } from '#shared/frontend/links.tsx';
import { listStateOf } from '#shared/frontend/list-state.ts';
import { Empty, NoMatch } from '#shared/frontend/page-states.tsx';
import { useClock } from '#shared/frontend/refresh.ts';
import { RefreshControl } from '#shared/frontend/refresh-control.tsx';
import { type Column, ResourceTable } from '#shared/frontend/resource-table.tsx';
import { formatInstant } from '#shared/frontend/time.ts';
import { useTimeRange } from '#shared/frontend/time-range.ts';
import { TimeRangeControl } from '#shared/frontend/time-range-control.tsx';
import { Timestamp } from '#shared/frontend/timestamp.tsx';
import { useUrlState } from '#shared/frontend/url-state.ts';
import { paths } from '../paths.ts';
import { useTracesInfiniteQuery } from './api.ts';
import { FilterField } from './filter-field.tsx';
import { LatencyChart } from './latency-chart.tsx';
import { askedText, formatDuration, verdictOf } from './trace-words.ts';
import { distinctTraces, pointsOf, tracesKeys, wishOf } from './traces-state.ts';
import type { TraceItem } from './types.ts';

const columns: Column<TraceItem>[] = [
  {
    id: 'asked',
    header: 'Trace',
    width: 260,
    sort: askedText,
    cell: (trace) => (
      <PageLink to={paths.trace(trace.id)} variant="primary">
        {askedText(trace)}
      </PageLink>
    ),
  },
  {
    id: 'status',
    header: 'Result',
    width: 120,
    sort: (trace) => `${verdictOf(trace).word} ${trace.status ?? ''}`,
    cell: (trace) => <Verdict trace={trace} />,
  },
  {
    id: 'start',
    header: 'Start',
    width: 170,
    sort: (trace) => trace.start,
    cell: (trace) => <Timestamp value={trace.start} />,
  },
  {
    id: 'responseTime',
    header: 'Response time',
    width: 120,
    sort: (trace) => trace.responseTime ?? -1,
    cell: (trace) => (trace.responseTime === undefined ? 'Not told' : formatDuration(trace.responseTime)),
  },
  {
    id: 'duration',
    header: 'Duration',
    width: 110,
    sort: (trace) => trace.duration ?? -1,
    cell: (trace) => formatDuration(trace.duration),
  },
  {
    id: 'services',
    header: 'Services',
    width: 100,
    sort: (trace) => trace.services.length,
    cell: (trace) => <span title={servicesText(trace)}>{trace.services.length}</span>,
  },
  {
    id: 'correlation',
    header: 'Correlation id',
    width: 150,
    cell: (trace) => (trace.correlationId ? <LineageLink correlationId={trace.correlationId} /> : 'None'),
  },
  {
    id: 'id',
    header: 'Trace id',
    hiddenAtFirst: true,
    width: 300,
    sort: (trace) => trace.id,
    cell: (trace) => trace.id,
  },
  { id: 'names', header: 'Names of services', hiddenAtFirst: true, width: 240, cell: servicesText },
  {
    id: 'users',
    header: 'Users',
    hiddenAtFirst: true,
    width: 120,
    cell: (trace) => trace.users.join(', ') || 'None',
  },
];

function Verdict({ trace }: { trace: TraceItem }) {
  const { word, type } = verdictOf({ ...trace, inProgress: trace.incomplete });
  return (
    <StatusIndicator type={type}>
      {word}
      {trace.status === undefined ? '' : ` (${trace.status})`}
    </StatusIndicator>
  );
}

function servicesText(trace: TraceItem): string {
  return [...new Set(trace.services.map(({ name }) => name))].join(', ');
}

/** Traces in a time range, how long they took, and the way to each. */
export default function TracesPage() {
  const [range] = useTimeRange();
  const [state, change] = useUrlState(tracesKeys);
  const clock = useClock();
  const wish = useMemo(() => wishOf(range, clock.now, state), [range, clock.now, state]);
  const query = useTracesInfiniteQuery(wish);
  const known = query.currentData;
  const items = useMemo(() => known && distinctTraces(known.pages.flatMap((page) => page.items)), [known]);
  const list = { ...listStateOf({ ...query, data: known }), items };
  const filtered = state.filter !== '' || state.request !== '';
  return (
    <SpaceBetween size="l">
      <SpaceBetween size="m">
        <Header
          variant="h1"
          description="Read live from AWS X-Ray, which keeps traces for 30 days."
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <TimeRangeControl />
              <RefreshControl clock={clock} loading={query.isFetching} />
            </SpaceBetween>
          }
        >
          Traces
        </Header>
        <Filters state={state} change={change} />
      </SpaceBetween>
      <Container header={<Header variant="h2">Latency</Header>}>
        <Latency items={items} wish={wish} zone={range.zone} />
      </Container>
      <ResourceTable
        id="traces"
        title="Traces found"
        headingLevel="h2"
        one="trace"
        many="traces"
        description={<Searched query={known?.pages.at(-1)} many={items?.length ?? 0} zone={range.zone} />}
        columns={columns}
        list={list}
        rowId={(trace) => trace.id}
        empty={
          filtered ? (
            <NoMatch what="traces" onClear={() => change({ filter: '', request: '' })} />
          ) : (
            <Empty title="No traces in this time range">
              Choose a longer time range. A new trace shows after a few seconds.
            </Empty>
          )
        }
      />
    </SpaceBetween>
  );
}

function Latency(props: {
  items: readonly TraceItem[] | undefined;
  wish: { from: string; to: string };
  zone: string;
}) {
  const { items, wish, zone } = props;
  const [, change] = useTimeRange();
  const points = useMemo(() => pointsOf(items ?? []), [items]);
  if (!items) return <Box color="text-body-secondary">The chart follows the list below.</Box>;
  return (
    <LatencyChart
      points={points}
      from={wish.from}
      to={wish.to}
      zone={zone}
      onSelect={(from, to) => change({ from, to })}
    />
  );
}

function Filters(props: {
  state: { filter: string; request: string };
  change: (changes: { filter?: string; request?: string }) => void;
}) {
  const { state, change } = props;
  return (
    <SpaceBetween size="xs">
      {state.request === '' ? null : (
        <TokenGroup
          items={[{ label: `Request ${state.request}`, dismissLabel: `Remove the request ${state.request}` }]}
          onDismiss={() => change({ request: '' })}
        />
      )}
      <FilterField filter={state.filter} onApply={(filter) => change({ filter })} />
    </SpaceBetween>
  );
}

/** What was searched, and whether that is all. */
function Searched(props: {
  query: { partial: boolean; searchedBackTo: string; nextCursor?: string } | undefined;
  many: number;
  zone: string;
}) {
  const { query, many, zone } = props;
  if (!query?.partial) return null;
  return (
    <Alert type="info">
      The search has not reached the beginning of the time range: {plural(many, 'trace')} found back to{' '}
      {formatInstant(query.searchedBackTo, zone)}. Load more to go on, or shorten the range.
    </Alert>
  );
}

export function Help() {
  return (
    <HelpPanel header={<h2>Traces</h2>}>
      <p>
        A trace follows one request through everything that worked for it: the API, functions, tables, the
        relay and the read models. <b>Response time</b> is what the caller waited for; <b>duration</b>{' '}
        includes what went on after.
      </p>
      <h3>Filter expressions</h3>
      <p>X-Ray’s own language. Conditions are joined by AND and OR:</p>
      <ul>
        <li>
          <code>fault</code>, <code>error</code>, <code>throttle</code>, <code>ok</code>
        </li>
        <li>
          <code>service("checkout")</code>
        </li>
        <li>
          <code>responsetime &gt; 0.5</code>, <code>duration &gt; 2</code> (seconds)
        </li>
        <li>
          <code>http.status = 409</code>
        </li>
        <li>
          <code>annotation.correlationId = "…"</code>, and so for <code>route</code>, <code>tenant</code>,{' '}
          <code>command</code>, <code>stream</code>, <code>readModel</code>
        </li>
      </ul>
    </HelpPanel>
  );
}
