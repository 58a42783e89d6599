import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import HelpPanel from '@cloudscape-design/components/help-panel';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMemo } from 'react';
import { useParams } from 'react-router';
import { PageButton } from '#shared/frontend/links.tsx';
import { Empty, Failed, Loading } from '#shared/frontend/page-states.tsx';
import { requestPaths } from '#shared/frontend/request-paths.ts';
import { text, useUrlState } from '#shared/frontend/url-state.ts';
import { useLineageInfiniteQuery } from '../api.ts';
import type { LineageEvent } from '../types.ts';
import { CausationTree } from './causation-tree.tsx';
import { ChosenEvent } from './chosen-event.tsx';
import { LineageSummary } from './lineage-summary.tsx';
import { eventId, streamsOf } from './lineage-tree.ts';

/** Which event is looked at, in the address; empty is the first. */
const keys = { event: text() } as const;

/** How often the page looks again, in milliseconds, until every read model has applied what it shows. */
const polling = 3000;

/** Everything that followed from one request: command, events, reactions, and what each did to the read models. */
export default function LineagePage() {
  const { correlationId = '' } = useParams();
  const [{ event: chosen }, change] = useUrlState(keys);
  const query = useLineageInfiniteQuery(correlationId, {
    pollingInterval: polling,
    skipPollingIfUnfocused: true,
  });
  const pages = query.currentData?.pages;
  const events = useMemo(() => pages?.flatMap((page) => page.items), [pages]);
  const streams = useMemo(() => streamsOf(pages ?? []), [pages]);
  if (!events) {
    return query.error ? (
      <Failed what="the lineage" error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <Loading what="the lineage" />
    );
  }
  const shown = events.find((event) => eventId(event) === chosen) ?? events[0];
  return (
    <ContentLayout header={<Heading correlationId={correlationId} first={events[0]} query={query} />}>
      <SpaceBetween size="l">
        {query.error ? (
          <Failed what="newer events" error={query.error} onRetry={() => void query.refetch()} />
        ) : null}
        {shown ? (
          <LineageSummary events={events} streams={streams} hasMore={query.hasNextPage} />
        ) : (
          <Container>
            <Empty title="No events under this id">
              The request recorded nothing, belongs to another tenant, or is so young that the list has not
              followed it yet. Traces and log lines may know it all the same.
            </Empty>
          </Container>
        )}
        {shown ? (
          <Container header={<Header variant="h2">What followed from what</Header>}>
            <CausationTree
              events={events}
              streams={streams}
              chosen={shown}
              onChoose={(event) => change({ event: eventId(event) })}
            />
            {query.hasNextPage ? (
              <Box textAlign="center">
                <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                  Load later events
                </Button>
              </Box>
            ) : null}
          </Container>
        ) : null}
        {shown ? <ChosenEvent key={eventId(shown)} event={shown} /> : null}
      </SpaceBetween>
    </ContentLayout>
  );
}

function Heading(props: {
  correlationId: string;
  first: LineageEvent | undefined;
  query: { isFetching: boolean; refetch: () => unknown };
}) {
  const { correlationId, first, query } = props;
  const at = first?.time ?? new Date().toISOString();
  return (
    <Header
      variant="h1"
      description={<span style={{ overflowWrap: 'anywhere' }}>{`Correlation id ${correlationId}`}</span>}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button iconName="refresh" ariaLabel="Refresh the lineage" onClick={() => void query.refetch()} />
          <PageButton to={requestPaths.traces(correlationId, at)}>Traces of this request</PageButton>
          <PageButton to={requestPaths.logs(correlationId, at)}>Log lines of this request</PageButton>
        </SpaceBetween>
      }
    >
      Lineage
    </Header>
  );
}

export function Help() {
  return (
    <HelpPanel header={<h2>Lineage</h2>}>
      <p>
        Everything that was recorded because of one request carries its correlation id. The tree begins with
        the command; below it stand the events that it recorded, and below each event what reacted to it.
      </p>
      <p>
        The relay puts each event on the bus, and read models follow. <b>Applied</b> says how many of them
        have; one that stays behind is caught up within minutes, or its failure is among the failures.
      </p>
      <p>
        Choose an event to see its data and what it did to the row of each read model: before, after, and as
        the row stands now. Traces and log lines of the request are one click away.
      </p>
    </HelpPanel>
  );
}
