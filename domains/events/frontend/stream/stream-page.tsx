import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import HelpPanel from '@cloudscape-design/components/help-panel';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useParams } from 'react-router';
import { formatValue } from '#shared/frontend/format.ts';
import { Failed, Loading } from '#shared/frontend/page-states.tsx';
import { Timestamp } from '#shared/frontend/timestamp.tsx';
import { Actor } from '../actor.tsx';
import { useStreamQuery } from '../api.ts';
import type { Stream } from '../types.ts';
import { categoryText } from '../words.ts';
import { StateAtVersion } from './state-at-version.tsx';
import { Timeline } from './timeline.tsx';

/** One stream: what it is, what it was at any version, and everything that happened. */
export default function StreamPage() {
  const { type = '', id = '' } = useParams();
  const query = useStreamQuery({ type, id });
  const stream = query.currentData;
  if (!stream) {
    return query.error ? (
      <Failed what="the stream" error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <Loading what="the stream" />
    );
  }
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          description={id}
          actions={
            <Button
              iconName="refresh"
              ariaLabel="Refresh the stream"
              loading={query.isFetching}
              onClick={() => void query.refetch()}
            />
          }
        >
          {`${categoryText(type)} stream`}
        </Header>
      }
    >
      <SpaceBetween size="l">
        {query.error ? (
          <Failed what="newer data of the stream" error={query.error} onRetry={() => void query.refetch()} />
        ) : null}
        <Container header={<Header variant="h2">Summary</Header>}>
          <Summary stream={stream} />
        </Container>
        <StateAtVersion stream={stream} />
        <Timeline stream={stream} />
      </SpaceBetween>
    </ContentLayout>
  );
}

function Summary({ stream }: { stream: Stream }) {
  return (
    <KeyValuePairs
      columns={4}
      minColumnWidth={180}
      items={[
        { label: 'Domain', value: stream.domain },
        { label: 'Version', value: formatValue(stream.version, 'count') },
        { label: 'Commits', value: formatValue(stream.commits, 'count') },
        {
          label: 'Snapshot',
          value: stream.snapshot ? `At version ${formatValue(stream.snapshot.version, 'count')}` : 'None yet',
        },
        { label: 'First event', value: <Timestamp value={stream.firstAt} /> },
        { label: 'Last event', value: <Timestamp value={stream.lastAt} /> },
        { label: 'Last event type', value: stream.lastType },
        { label: 'By', value: <Actor actor={stream.lastActor} /> },
      ]}
    />
  );
}

export function Help() {
  return (
    <HelpPanel header={<h2>Stream</h2>}>
      <p>
        <b>State at a version</b> is what decisions saw after that event, folded from the first event on by
        the code of today. Move the slider with arrow keys, Page Up and Page Down; what the event added,
        removed or changed is marked. The address keeps the version, so it can be shared.
      </p>
      <p>
        <b>Events</b> lists everything that happened, newest first. Open one to see its data, who did it and
        why. Its correlation id leads to everything that followed from the same request.
      </p>
    </HelpPanel>
  );
}
