import Button from '@cloudscape-design/components/button';
import HelpPanel from '@cloudscape-design/components/help-panel';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useState } from 'react';
import { formatValue } from '#shared/frontend/format.ts';
import { useMay } from '#shared/frontend/identity.ts';
import { Empty } from '#shared/frontend/page-states.tsx';
import { type Column, ResourceTable } from '#shared/frontend/resource-table.tsx';
import { operators } from '#shared/frontend/roles.ts';
import { CancelModal } from './cancel-modal.tsx';
import { polling, useReadModelsQuery } from './rebuild-api.ts';
import { isRunning, mayBeCancelled, RebuildState } from './rebuild-state.tsx';
import { StartModal } from './start-modal.tsx';
import type { ReadModel } from './types.ts';

const onlyOperators = 'Only operators and administrators rebuild read models.';
/** Catch-up looks each minute, so less than this is only between two looks. */
const lateSeconds = 60;

type Asked = { readonly what: 'start' | 'cancel'; readonly model: string };

function columnsFor(may: boolean, ask: (asked: Asked) => void): Column<ReadModel>[] {
  return [
    { id: 'model', header: 'Read model', width: 260, sort: ({ model }) => model, cell: ({ model }) => model },
    {
      id: 'follows',
      header: 'Follows',
      width: 130,
      cell: ({ follows }) => (typeof follows === 'string' ? followsAll[follows] : follows.join(', ')),
    },
    {
      id: 'lag',
      header: 'Behind',
      width: 110,
      sort: ({ lagSeconds }) => lagSeconds ?? -1,
      cell: ({ lagSeconds }) => <Lag seconds={lagSeconds} />,
    },
    {
      id: 'rows',
      header: 'Rows and positions',
      width: 120,
      sort: ({ rows }) => rows,
      cell: ({ rows }) => formatValue(rows, 'count'),
    },
    {
      id: 'bytes',
      header: 'Size',
      width: 110,
      hiddenAtFirst: true,
      sort: ({ bytes }) => bytes,
      cell: ({ bytes }) => formatValue(bytes, 'bytes'),
    },
    { id: 'rebuild', header: 'Rebuild', width: 270, cell: (model) => <RebuildState model={model} /> },
    {
      id: 'action',
      header: 'Action',
      width: 150,
      cell: (model) => <Action model={model} may={may} onAsk={ask} />,
    },
  ];
}

/** What a model says that does not name the types of streams it follows. */
const followsAll = { everything: 'Every stream', processes: 'Every process' } as const;

function Lag({ seconds }: { seconds: number | undefined }) {
  if (seconds === undefined) return <StatusIndicator type="pending">Not measured</StatusIndicator>;
  if (seconds >= lateSeconds)
    return <StatusIndicator type="warning">{formatValue(Math.round(seconds), 'seconds')}</StatusIndicator>;
  return <>{formatValue(Math.round(seconds), 'seconds')}</>;
}

function Action(props: { model: ReadModel; may: boolean; onAsk: (asked: Asked) => void }) {
  const {
    model: { model, rebuild },
    may,
    onAsk,
  } = props;
  const what = rebuild && isRunning(rebuild) ? 'cancel' : 'start';
  const isTooLate = what === 'cancel' && rebuild !== undefined && !mayBeCancelled(rebuild);
  const name = what === 'start' ? 'Rebuild' : 'Cancel';
  return (
    <Button
      wrapText={false}
      ariaLabel={what === 'start' ? `Rebuild ${model}` : `Cancel the rebuild of ${model}`}
      disabled={!may || isTooLate}
      disabledReason={may ? 'Readers are turning to the new rows.' : onlyOperators}
      onClick={() => onAsk({ what, model })}
    >
      {name}
    </Button>
  );
}

/** Every read model, how far it is behind, and its rebuild. */
export default function ReadModelsPage() {
  const may = useMay(operators);
  const [asked, setAsked] = useState<Asked>();
  const [pollingInterval, setPollingInterval] = useState<number>(polling.atRest);
  const query = useReadModelsQuery(undefined, {
    pollingInterval,
    skipPollingIfUnfocused: true,
    refetchOnMountOrArgChange: true,
  });
  const { data } = query;
  const isRebuilding = data?.items.some(({ rebuild }) => rebuild && isRunning(rebuild)) ?? false;
  const wanted = isRebuilding ? polling.rebuilding : polling.atRest;
  if (wanted !== pollingInterval) setPollingInterval(wanted);
  const model = data?.items.find((one) => one.model === asked?.model);
  const close = () => setAsked(undefined);
  return (
    <>
      <ResourceTable
        id="read-models"
        title="Read models"
        one="read model"
        many="read models"
        description="What lists and pages are read from, and how far each is behind the events."
        columns={columnsFor(may, setAsked)}
        list={{
          items: data?.items,
          isFetching: query.isFetching && !data,
          isFetchingMore: false,
          error: query.error,
          hasMore: false,
          more: () => undefined,
          retry: () => void query.refetch(),
        }}
        rowId={(one) => one.model}
        actions={
          <Button
            iconName="refresh"
            ariaLabel="Refresh read models"
            loading={query.isFetching}
            onClick={() => void query.refetch()}
          />
        }
        empty={<Empty title="No read models">A domain with a read model brings the first one.</Empty>}
      />
      {data && model && asked?.what === 'start' ? (
        <StartModal model={model} price={data.price} onClose={close} />
      ) : null}
      {model?.rebuild && asked?.what === 'cancel' ? (
        <CancelModal model={model.model} rebuildId={model.rebuild.rebuildId} onClose={close} />
      ) : null}
    </>
  );
}

export function Help() {
  return (
    <HelpPanel header={<h2>Read models</h2>}>
      <p>
        Lists and pages are read from rows that follow the events. <b>Behind</b> is the age of the oldest
        event that a read model has not followed yet, as measured each minute.
      </p>
      <p>
        <b>Rebuild</b> makes every row anew, for example after the code that makes them was mended. What it
        will take and cost is shown before it starts. The rows of now serve until the new ones are complete.
        It goes on by itself after a crash, and can be cancelled until readers turn to the new rows.
      </p>
      <p>
        DynamoDB counts rows and sizes every six hours, so they may be old. The former rows stay in the other
        table until the next rebuild.
      </p>
    </HelpPanel>
  );
}
