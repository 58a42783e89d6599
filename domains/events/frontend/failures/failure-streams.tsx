import Button from '@cloudscape-design/components/button';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import { useState } from 'react';
import { useMay } from '#shared/frontend/identity.ts';
import { PageLink } from '#shared/frontend/links.tsx';
import { listStateOf } from '#shared/frontend/list-state.ts';
import { Empty } from '#shared/frontend/page-states.tsx';
import { type Column, ResourceTable } from '#shared/frontend/resource-table.tsx';
import { operators } from '#shared/frontend/roles.ts';
import { Timestamp } from '#shared/frontend/timestamp.tsx';
import { oneOf, useUrlState } from '#shared/frontend/url-state.ts';
import { paths } from '../paths.ts';
import { categoryText } from '../words.ts';
import { failurePolling, useFailureStreamsInfiniteQuery } from './failure-api.ts';
import { onlyOperators } from './failure-buttons.tsx';
import { HeldState } from './failure-state.tsx';
import { RedriveModal } from './redrive-modal.tsx';
import { RequestLinks } from './request-links.tsx';
import type { Failure, FailureStream } from './types.ts';

/** Which streams are shown, in the address. */
const streamKeys = { streams: oneOf(['waiting', 'done'], 'waiting') } as const;

const columns: Column<FailureStream>[] = [
  {
    id: 'stream',
    header: 'Stream',
    width: 180,
    sort: ({ type, id }) => `${type}/${id}`,
    cell: ({ type, id, version }) => (
      <PageLink to={paths.stream(type, id, version)}>{`${categoryText(type)} ${id}`}</PageLink>
    ),
  },
  { id: 'state', header: 'State', width: 115, cell: (stream) => <HeldState stream={stream} /> },
  {
    id: 'event',
    header: 'Failed on event',
    width: 95,
    cell: ({ version, kind }) => (kind === 'read-model' ? `up to ${version}` : version),
  },
  {
    id: 'position',
    header: 'Read model at',
    width: 95,
    cell: ({ position }) => position ?? '–',
  },
  {
    id: 'since',
    header: 'Since',
    width: 130,
    sort: ({ since }) => since,
    cell: ({ since }) => <Timestamp value={since} />,
  },
  {
    id: 'changed',
    header: 'Redriven or released',
    width: 130,
    cell: ({ releasedAt, redrivenAt }) => {
      const at = releasedAt ?? redrivenAt;
      return at ? <Timestamp value={at} /> : 'Not yet';
    },
  },
  { id: 'tenant', header: 'Tenant', width: 110, hiddenAtFirst: true, cell: ({ tenant }) => tenant },
  {
    id: 'request',
    header: 'Request',
    width: 150,
    cell: ({ correlationId, since }) => <RequestLinks correlationId={correlationId} at={since} />,
  },
];

/** The streams that a failure concerns, as they stand at this moment. */
export function FailureStreams({ failure }: { failure: Failure }) {
  const may = useMay(operators);
  const [{ streams: state }, change] = useUrlState(streamKeys);
  const [asking, setAsking] = useState<FailureStream>();
  const query = useFailureStreamsInfiniteQuery({ id: failure.failureId, state }, failurePolling);
  const actions: Column<FailureStream> = {
    id: 'actions',
    header: 'Actions',
    width: 100,
    cell: (stream) =>
      stream.state === 'released' ? (
        '–'
      ) : (
        <Button
          variant="inline-link"
          disabled={!may}
          disabledReason={onlyOperators}
          ariaLabel={`Redrive ${stream.type} ${stream.id}`}
          onClick={() => setAsking(stream)}
        >
          Redrive
        </Button>
      ),
  };
  return (
    <>
      <ResourceTable
        id="failure-streams"
        title="Affected streams"
        one="stream"
        many="streams"
        headingLevel="h2"
        description="A read model holds a stream at the event that it fails on; other streams flow on."
        columns={state === 'waiting' ? columns.toSpliced(2, 0, actions) : columns}
        list={listStateOf({ ...query, data: query.currentData })}
        rowId={({ stream }) => stream}
        filter={
          <SegmentedControl
            label="Which streams"
            selectedId={state}
            options={[
              { id: 'waiting', text: 'Waiting' },
              { id: 'done', text: 'Released' },
            ]}
            onChange={({ detail }) =>
              change({ streams: streamKeys.streams.read(detail.selectedId) ?? 'waiting' })
            }
          />
        }
        empty={
          state === 'waiting' ? (
            <Empty title="No stream waits">Nothing is held behind this failure.</Empty>
          ) : (
            <Empty title="No stream was released yet" />
          )
        }
      />
      {asking ? (
        <RedriveModal failure={failure} stream={asking} onClose={() => setAsking(undefined)} />
      ) : null}
    </>
  );
}
