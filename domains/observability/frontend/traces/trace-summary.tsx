import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { plural } from '#shared/frontend/format.ts';
import { LineageLink } from '#shared/frontend/lineage-link.tsx';
import { PageLink } from '#shared/frontend/links.tsx';
import { Timestamp } from '#shared/frontend/timestamp.tsx';
import { paths } from '../paths.ts';
import { Copyable } from './span-details.tsx';
import { formatDuration, verdictOf } from './trace-words.ts';
import type { TraceAnswer } from './types.ts';

/** What is true of a trace as a whole. */
export function TraceSummary({ trace }: { trace: TraceAnswer }) {
  const { word, type } = verdictOf(trace);
  return (
    <KeyValuePairs
      columns={4}
      minColumnWidth={190}
      items={[
        {
          label: 'Result',
          value: (
            <StatusIndicator type={type}>
              {word}
              {trace.http?.status === undefined ? '' : ` (${trace.http.status})`}
            </StatusIndicator>
          ),
        },
        { label: 'Start', value: <Timestamp value={trace.start} /> },
        { label: 'Duration, with what followed', value: formatDuration(trace.duration) },
        {
          label: 'Size',
          value: `${plural(trace.spans, 'span')} of ${plural(trace.services.length, 'service')}`,
        },
        { label: 'Trace id', value: <Copyable text={trace.traceId} what="Trace id" /> },
        {
          label: 'Correlation id',
          value:
            trace.correlationIds.length === 0 ? (
              'None'
            ) : (
              <SpaceBetween size="xxs">
                {trace.correlationIds.map((id) => (
                  <div key={id}>
                    <PageLink to={paths.tracesOfRequest(id, trace.start)}>{id}</PageLink>{' '}
                    <LineageLink correlationId={id} words="Lineage of this request" />
                  </div>
                ))}
              </SpaceBetween>
            ),
        },
      ]}
    />
  );
}
