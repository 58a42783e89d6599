import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import ContentLayout from '@cloudscape-design/components/content-layout';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import Header from '@cloudscape-design/components/header';
import HelpPanel from '@cloudscape-design/components/help-panel';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useParams } from 'react-router';
import { formatValue } from '#shared/frontend/format.ts';
import { Failed, Loading } from '#shared/frontend/page-states.tsx';
import { Timestamp } from '#shared/frontend/timestamp.tsx';
import { Actor } from '../actor.tsx';
import { failurePolling, useFailureQuery } from './failure-api.ts';
import { FailureButtons } from './failure-buttons.tsx';
import { FailureState } from './failure-state.tsx';
import { FailureStreams } from './failure-streams.tsx';
import { HoursChart } from './hours-chart.tsx';
import { Occurrences } from './occurrences.tsx';
import { RequestLinks } from './request-links.tsx';
import type { FailureDetail } from './types.ts';

/** One failure: what it is, what waits behind it, what happened to it, and what can be done. */
export default function FailurePage() {
  const { failureId: id = '' } = useParams();
  const query = useFailureQuery(id, { ...failurePolling, refetchOnMountOrArgChange: true });
  const failure = query.currentData;
  if (!failure) {
    return query.error ? (
      <Failed what="failures" error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <Loading what="the failure" />
    );
  }
  return (
    <ContentLayout
      header={
        <Header variant="h1" description={failure.component} actions={<FailureButtons failure={failure} />}>
          {failure.name}
        </Header>
      }
    >
      <SpaceBetween size="l">
        {query.error ? (
          <Failed what="newer data of the failure" error={query.error} onRetry={() => void query.refetch()} />
        ) : null}
        <Summary failure={failure} />
        <FailureStreams failure={failure} />
        <Occurrences failureId={failure.failureId} />
      </SpaceBetween>
    </ContentLayout>
  );
}

function Summary({ failure }: { failure: FailureDetail }) {
  const { decision, stack, correlationId, trace, lastAt } = failure;
  return (
    <Container header={<Header variant="h2">Failure</Header>}>
      <SpaceBetween size="m">
        <Box variant="code">{failure.message}</Box>
        <KeyValuePairs
          columns={3}
          minColumnWidth={200}
          items={[
            { label: 'Status', value: <FailureState status={failure.status} /> },
            { label: 'Occurrences', value: formatValue(failure.count, 'count') },
            { label: 'Last 24 hours', value: <HoursChart hours={failure.hours} now={Date.now()} /> },
            { label: 'First seen', value: <Timestamp value={failure.firstAt} /> },
            { label: 'Last seen', value: <Timestamp value={lastAt} /> },
            { label: 'Streams waiting', value: failure.affected },
            {
              label: 'Last request',
              value: <RequestLinks correlationId={correlationId} trace={trace} at={lastAt} />,
            },
            { label: 'Fingerprint', value: <Box variant="code">{failure.fingerprint}</Box> },
            ...(decision
              ? [
                  {
                    label: 'Decided',
                    value: (
                      <>
                        {decision.reason ?? 'No reason given'} (<Actor actor={decision.by} />,{' '}
                        <Timestamp value={decision.at} />)
                      </>
                    ),
                  },
                ]
              : []),
          ]}
        />
        {stack ? (
          <ExpandableSection headerText="Stack of the occurrence that opened it" defaultExpanded>
            <div style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
              <Box variant="code">{stack}</Box>
            </div>
          </ExpandableSection>
        ) : null}
      </SpaceBetween>
    </Container>
  );
}

export function Help() {
  return (
    <HelpPanel header={<h2>Failure</h2>}>
      <p>
        <b>Redrive</b> delivers again what waits: of all streams here, or of one in the list. Do it after the
        cause is mended. Read models read on in order; the stream then shows <i>released</i>, or{' '}
        <i>held again</i>. Catch-up tries held streams once a minute by itself.
      </p>
      <p>
        <b>Resolve</b> says that the cause is mended: the next occurrence opens the failure again.{' '}
        <b>Ignore</b> says that it needs no answer: it is only counted.
      </p>
      <p>
        <b>Lineage</b> shows everything that followed from the request: command, events, read models, trace
        and log lines.
      </p>
    </HelpPanel>
  );
}
