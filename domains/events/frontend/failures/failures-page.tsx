import HelpPanel from '@cloudscape-design/components/help-panel';
import Tabs from '@cloudscape-design/components/tabs';
import { formatValue } from '#shared/frontend/format.ts';
import { PageLink } from '#shared/frontend/links.tsx';
import { listStateOf } from '#shared/frontend/list-state.ts';
import { Empty } from '#shared/frontend/page-states.tsx';
import { type Column, ResourceTable } from '#shared/frontend/resource-table.tsx';
import { Timestamp } from '#shared/frontend/timestamp.tsx';
import { oneOf, useUrlState } from '#shared/frontend/url-state.ts';
import { Actor } from '../actor.tsx';
import { paths } from '../paths.ts';
import { failurePolling, useFailuresInfiniteQuery } from './failure-api.ts';
import { statusWords } from './failure-state.tsx';
import { HoursChart } from './hours-chart.tsx';
import type { Failure, FailureStatus } from './types.ts';

const statuses = ['open', 'ignored', 'resolved'] as const;

/** Which failures are shown, in the address. */
const failureKeys = { status: oneOf(statuses, 'open') } as const;

const columns: Column<Failure>[] = [
  {
    id: 'error',
    header: 'Failure',
    width: 200,
    sort: ({ name, message }) => `${name}: ${message}`,
    cell: (failure) => (
      <PageLink
        to={paths.failure(failure.failureId)}
      >{`${failure.name}: ${shortened(failure.message)}`}</PageLink>
    ),
  },
  {
    id: 'component',
    header: 'Component',
    width: 150,
    sort: ({ component }) => component,
    cell: ({ component }) => component,
  },
  {
    id: 'count',
    header: 'Occurrences',
    width: 105,
    sort: ({ count }) => count,
    cell: ({ count }) => formatValue(count, 'count'),
  },
  {
    id: 'hours',
    header: 'Last 24 hours',
    width: 135,
    cell: ({ hours }) => <HoursChart hours={hours} now={Date.now()} />,
  },
  {
    id: 'affected',
    header: 'Streams waiting',
    width: 105,
    sort: ({ affected }) => affected,
    cell: ({ affected }) => affected,
  },
  {
    id: 'last',
    header: 'Last seen',
    width: 140,
    sort: ({ lastAt }) => lastAt,
    cell: ({ lastAt }) => <Timestamp value={lastAt} />,
  },
  {
    id: 'first',
    header: 'First seen',
    width: 140,
    sort: ({ firstAt }) => firstAt,
    cell: ({ firstAt }) => <Timestamp value={firstAt} />,
  },
];

const reasonColumn: Column<Failure> = {
  id: 'reason',
  header: 'Reason',
  width: 200,
  cell: ({ decision }) =>
    decision ? (
      <>
        {decision.reason ?? 'None given'} (<Actor actor={decision.by} />)
      </>
    ) : (
      '–'
    ),
};

const columnsOf: Record<FailureStatus, Column<Failure>[]> = {
  open: columns,
  ignored: [...columns, reasonColumn],
  resolved: [...columns, reasonColumn],
};

const emptyTexts: Record<FailureStatus, { title: string; text: string }> = {
  open: { title: 'No open failures', text: 'Nothing has failed that somebody would still have to look at.' },
  ignored: { title: 'No ignored failures', text: 'Open failures that need no answer can be ignored.' },
  resolved: { title: 'No resolved failures', text: 'A failure that was mended is resolved by a person.' },
};

/** What has failed unexpectedly anywhere in the platform, grouped by cause. */
export default function FailuresPage() {
  const [{ status }, change] = useUrlState(failureKeys);
  return (
    <Tabs
      ariaLabel="Failures by status"
      activeTabId={status}
      onChange={({ detail }) => change({ status: failureKeys.status.read(detail.activeTabId) ?? 'open' })}
      tabs={statuses.map((id) => ({
        id,
        label: statusWords[id],
        content: id === status ? <FailuresOf status={id} /> : null,
      }))}
    />
  );
}

function FailuresOf({ status }: { status: FailureStatus }) {
  const query = useFailuresInfiniteQuery(status, { ...failurePolling, refetchOnMountOrArgChange: true });
  const { title, text } = emptyTexts[status];
  return (
    <ResourceTable
      id={`failures-${status}`}
      title={`${statusWords[status]} failures`}
      one="failure"
      many="failures"
      description="Failures of one cause stand together, the one that came last first."
      columns={columnsOf[status]}
      list={listStateOf({ ...query, data: query.currentData })}
      rowId={({ failureId }) => failureId}
      empty={<Empty title={title}>{text}</Empty>}
    />
  );
}

const longestTitle = 120;

function shortened(message: string): string {
  return message.length > longestTitle ? `${message.slice(0, longestTitle)}…` : message;
}

export function Help() {
  return (
    <HelpPanel header={<h2>Failures</h2>}>
      <p>
        Whatever fails unexpectedly, in a function, a projection, the relay or a browser, is told here.
        Failures with the same component, error and message (but for ids and numbers) are one.
      </p>
      <p>
        <b>Streams waiting</b> are held: a read model cannot get past one of their events and shows them as
        they were before it. All other streams flow on, and nothing is lost.
      </p>
      <p>
        <b>Ignored</b> failures are only counted. <b>Resolved</b> ones are opened again by the next
        occurrence.
      </p>
    </HelpPanel>
  );
}
