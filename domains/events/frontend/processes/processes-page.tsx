import HelpPanel from '@cloudscape-design/components/help-panel';
import Tabs from '@cloudscape-design/components/tabs';
import { LineageLink } from '#shared/frontend/lineage-link.tsx';
import { PageLink } from '#shared/frontend/links.tsx';
import { listStateOf } from '#shared/frontend/list-state.ts';
import { Empty } from '#shared/frontend/page-states.tsx';
import { type Column, ResourceTable } from '#shared/frontend/resource-table.tsx';
import { Timestamp } from '#shared/frontend/timestamp.tsx';
import { oneOf, useUrlState } from '#shared/frontend/url-state.ts';
import { paths } from '../paths.ts';
import { processPolling, useProcessesInfiniteQuery } from './process-api.ts';
import { ProcessDetail, ProcessState, ProcessUntil, processText, stepText } from './process-state.tsx';
import type { Process } from './types.ts';

const lists = ['running', 'ended'] as const;
type List = (typeof lists)[number];

const tabs: Record<List, { label: string; title: string; text: string }> = {
  running: {
    label: 'Running',
    title: 'No running processes',
    text: 'A process begins when an event asks for several things to be done over time.',
  },
  ended: { label: 'Ended', title: 'No ended processes', text: 'Processes stand here once they are over.' },
};

/** Which processes are shown, in the address. */
const processKeys = { status: oneOf(lists, 'running') } as const;

const columns: Column<Process>[] = [
  {
    id: 'process',
    header: 'Process',
    width: 140,
    sort: ({ type }) => type,
    cell: ({ type, processId }) => (
      <PageLink to={paths.stream(type, processId)}>{processText(type)}</PageLink>
    ),
  },
  {
    id: 'subject',
    header: 'About',
    width: 140,
    sort: ({ subject }) => `${subject.type}/${subject.id}`,
    cell: ({ subject: { type, id }, key }) => (
      <PageLink to={paths.stream(type, id)}>{`${processText(type)} ${id.slice(-6)}, ${key}`}</PageLink>
    ),
  },
  { id: 'state', header: 'State', width: 125, cell: (process) => <ProcessState process={process} /> },
];

const detail = (header: string): Column<Process> => ({
  id: 'detail',
  header,
  width: 235,
  cell: (process) => <ProcessDetail process={process} />,
});

const until: Column<Process> = {
  id: 'until',
  header: 'Looks again',
  width: 140,
  sort: (process) => process.until ?? '~',
  cell: (process) => <ProcessUntil process={process} />,
};

const rest: Column<Process>[] = [
  {
    id: 'done',
    header: 'Done',
    width: 110,
    cell: ({ done }) => (done.length === 0 ? '–' : done.map(stepText).join(', ')),
  },
  {
    id: 'since',
    header: 'Since',
    width: 140,
    sort: ({ changedAt }) => changedAt,
    cell: ({ changedAt }) => <Timestamp value={changedAt} />,
  },
  {
    id: 'lineage',
    header: 'Lineage',
    width: 90,
    cell: ({ correlationId }) => <LineageLink correlationId={correlationId} words="Lineage" />,
  },
];

const columnsOf: Record<List, Column<Process>[]> = {
  running: [...columns, detail('What it is at'), until, ...rest],
  ended: [...columns, detail('Why it ended'), ...rest],
};

/** What the platform does over time, step by step, and what each run of it waits for. */
export default function ProcessesPage() {
  const [{ status }, change] = useUrlState(processKeys);
  return (
    <Tabs
      ariaLabel="Processes by whether they are over"
      activeTabId={status}
      onChange={({ detail }) => change({ status: processKeys.status.read(detail.activeTabId) ?? 'running' })}
      tabs={lists.map((id) => ({
        id,
        label: tabs[id].label,
        content: id === status ? <ProcessesOf status={id} /> : null,
      }))}
    />
  );
}

function ProcessesOf({ status }: { status: List }) {
  const query = useProcessesInfiniteQuery(status, { ...processPolling, refetchOnMountOrArgChange: true });
  const { label, title, text } = tabs[status];
  return (
    <ResourceTable
      id={`processes-${status}`}
      title={`${label} processes`}
      one="process"
      many="processes"
      description="What is done over time in several steps, the one that changed last first."
      columns={columnsOf[status]}
      list={listStateOf({ ...query, data: query.currentData })}
      rowId={({ processId }) => processId}
      empty={<Empty title={title}>{text}</Empty>}
    />
  );
}

export function Help() {
  return (
    <HelpPanel header={<h2>Processes</h2>}>
      <p>
        A process does several things about one stream, one after the other, such as telling one channel after
        the other that nobody has acknowledged an alert. It remembers each step, so it goes on after a crash.
      </p>
      <p>
        <b>Looks again</b> is when it wakes by itself, to within a minute; an event it waits for wakes it at
        once. A step that fails is tried five times. After that, or when it is called off, what was done is
        undone, the last step first.
      </p>
      <p>The name of a process leads to all that it remembers; its lineage to what it followed from.</p>
    </HelpPanel>
  );
}
