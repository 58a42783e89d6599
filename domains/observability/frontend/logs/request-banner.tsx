import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { PageButton } from '#shared/frontend/links.tsx';
import { useTimeRange } from '#shared/frontend/time-range.ts';
import { paths } from '../paths.ts';
import { isTraceId } from './log-rows.ts';

/** Says that the page shows one request, and leads to its traces. */
export function RequestBanner({ id, onLeave }: { id: string; onLeave: () => void }) {
  const [range] = useTimeRange();
  const at = range.absolute
    ? new Date((Date.parse(range.from) + Date.parse(range.to)) / 2).toISOString()
    : new Date().toISOString();
  return (
    <Alert
      type="info"
      header={isTraceId(id) ? 'All lines of one trace' : 'All lines of one request'}
      action={
        <SpaceBetween direction="horizontal" size="xs">
          <PageButton to={isTraceId(id) ? paths.trace(id) : paths.tracesOfRequest(id, at)}>
            {isTraceId(id) ? 'Open trace' : 'Traces of this request'}
          </PageButton>
          <Button onClick={onLeave}>Search all lines</Button>
        </SpaceBetween>
      }
    >
      Lines of every log group that hold {id}, oldest first.
    </Alert>
  );
}
