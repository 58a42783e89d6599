import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { formatValue, plural } from '#shared/frontend/format.ts';
import { PageLink } from '#shared/frontend/links.tsx';
import { requestPaths } from '#shared/frontend/request-paths.ts';
import { Timestamp } from '#shared/frontend/timestamp.tsx';
import { Actor } from '../actor.tsx';
import type { LineageEvent, LineageStream } from '../types.ts';
import { traceIdOf } from '../words.ts';

/** The way of a request in one glance: who asked, what was recorded, whether relay and read models have followed. */
export function LineageSummary(props: {
  events: readonly LineageEvent[];
  streams: readonly LineageStream[];
  hasMore: boolean;
}) {
  const { events, streams, hasMore } = props;
  const [first, last] = [events[0], events.at(-1)];
  if (!first || !last) return null;
  const length = Date.parse(last.time) - Date.parse(first.time);
  const traceId = traceIdOf(first.trace);
  return (
    <Container header={<Header variant="h2">Summary</Header>}>
      <KeyValuePairs
        columns={3}
        minColumnWidth={200}
        items={[
          { label: 'Asked by', value: <Actor actor={first.actor} /> },
          { label: 'First event', value: <Timestamp value={first.time} /> },
          {
            label: hasMore ? 'Last event shown' : 'Last event',
            value: (
              <>
                <Timestamp value={last.time} />
                {length > 0 ? ` (${formatValue(length, 'milliseconds')} later)` : null}
              </>
            ),
          },
          {
            label: 'Recorded',
            value: `${plural(events.length, 'event')}${hasMore ? ' and more' : ''} in ${plural(streams.length, 'stream')}`,
          },
          { label: 'Relay and read models', value: <Following streams={streams} /> },
          {
            label: 'Trace of the first event',
            value: traceId ? (
              <PageLink to={requestPaths.trace(traceId)}>{traceId}</PageLink>
            ) : (
              'It was not traced'
            ),
          },
        ]}
      />
    </Container>
  );
}

/** What every read model has applied has passed the relay too; what none has may still be on its way to it. */
function Following({ streams }: { streams: readonly LineageStream[] }) {
  const all = streams.flatMap(({ version, models }) => models.map((model) => version - model.version));
  const behind = all.filter((lag) => lag > 0).length;
  if (all.length === 0) return 'No read model follows these streams';
  if (behind === 0) return <StatusIndicator type="success">All have followed to the end</StatusIndicator>;
  return (
    <StatusIndicator type="in-progress">
      {behind === all.length
        ? 'None has followed yet: the relay may be behind'
        : `${behind} of ${all.length} are behind, by at most ${plural(Math.max(...all), 'event')}`}
    </StatusIndicator>
  );
}
