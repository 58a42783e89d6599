import Box from '@cloudscape-design/components/box';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';
import { LineageLink } from '#shared/frontend/lineage-link.tsx';
import { PageLink } from '#shared/frontend/links.tsx';
import { requestPaths } from '#shared/frontend/request-paths.ts';
import { Timestamp } from '#shared/frontend/timestamp.tsx';
import { Actor } from '../actor.tsx';
import { paths } from '../paths.ts';
import type { StreamEvent } from '../types.ts';
import { eventNamed, traceIdOf } from '../words.ts';
import { JsonText } from './json-text.tsx';
import { treeOf } from './value-tree.ts';
import { ValueView } from './value-view.tsx';

/** Everything that an event says: what, when, by whom, why, and its data. */
export function EventDetails({ event }: { event: StreamEvent }) {
  const traceId = traceIdOf(event.trace);
  return (
    <SpaceBetween size="s">
      <KeyValuePairs
        columns={3}
        minColumnWidth={180}
        items={[
          { label: 'Time', value: <Timestamp value={event.time} /> },
          { label: 'By', value: <Actor actor={event.actor} /> },
          { label: 'Version', value: `${event.version}, in commit ${event.commit}` },
          {
            label: 'Correlation id',
            value: (
              <Wrapped>
                <LineageLink correlationId={event.correlationId} />
              </Wrapped>
            ),
          },
          {
            label: 'Caused by',
            value: (
              <Wrapped>
                <Cause causationId={event.causationId} />
              </Wrapped>
            ),
          },
          {
            label: 'Trace',
            value: traceId ? (
              <Wrapped>
                <PageLink to={requestPaths.trace(traceId)}>{traceId}</PageLink>
              </Wrapped>
            ) : (
              'Not traced'
            ),
          },
          { label: 'Version of its schema', value: event.schemaVersion },
        ]}
      />
      <div>
        <Box variant="awsui-key-label">Data</Box>
        <ValueView node={treeOf(event.data)} label={`Data of ${event.type}`} />
      </div>
      <JsonText value={event} title="Whole event as JSON" />
    </SpaceBetween>
  );
}

/** The event that made another happen as a link to it, or the command. */
export function Cause({ causationId }: { causationId: string }) {
  const event = eventNamed(causationId);
  if (!event) return `command id ${causationId}`;
  return (
    <PageLink to={paths.stream(event.type, event.id, event.version)}>
      {`event ${event.version} of ${event.type} ${event.id}`}
    </PageLink>
  );
}

function Wrapped({ children }: { children: ReactNode }) {
  return <span style={{ overflowWrap: 'anywhere' }}>{children}</span>;
}
