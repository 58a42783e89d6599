import Box from '@cloudscape-design/components/box';
import { Empty, Failed, Loading } from '#shared/frontend/page-states.tsx';
import { useZone } from '#shared/frontend/time-range.ts';
import { useLogContextQuery } from './api.ts';
import { formatMoment } from './log-time.ts';
import type { LinePlace } from './types.ts';

/** The lines of the same stream before and after one, which is marked. */
export function LogContext({ place, message }: { place: LinePlace; message: string | undefined }) {
  const { data, error, refetch } = useLogContextQuery(place);
  const zone = useZone();
  if (error) return <Failed what="the lines around this one" error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading what="the lines around this one" />;
  if (data.items.length === 0) {
    return <Empty title="No lines there">CloudWatch Logs keeps none of this stream any more.</Empty>;
  }
  const lines = data.items.map((line, index) => ({ ...line, id: index }));
  const marked = lines.find(
    (line) => line.timestamp === place.at && (message === undefined || line.message === message),
  )?.id;
  return (
    <div>
      <Box variant="small">
        {data.items.length} lines of {place.group}, stream {place.stream}, oldest first. Times in {zone}.
      </Box>
      <ol className="skafu-log-lines">
        {lines.map((line) => (
          <li key={line.id} aria-current={line.id === marked || undefined}>
            <time dateTime={line.timestamp}>{formatMoment(line.timestamp, zone)}</time>
            <span>{line.message}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}
