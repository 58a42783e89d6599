import SpaceBetween from '@cloudscape-design/components/space-between';
import { PageLink } from '#shared/frontend/links.tsx';
import { requestPaths } from '#shared/frontend/request-paths.ts';
import { traceIdOf } from '../words.ts';

/** From a failure to all that is known of its request. */
export function RequestLinks(props: {
  correlationId?: string | undefined;
  trace?: string | undefined;
  at: string;
}) {
  const { correlationId, trace, at } = props;
  const traceId = traceIdOf(trace);
  if (!correlationId && !traceId) return '–';
  return (
    <SpaceBetween direction="horizontal" size="s">
      {correlationId ? <PageLink to={requestPaths.lineage(correlationId)}>Lineage</PageLink> : null}
      {traceId ? <PageLink to={requestPaths.trace(traceId)}>Trace</PageLink> : null}
      {correlationId ? <PageLink to={requestPaths.logs(correlationId, at)}>Log lines</PageLink> : null}
    </SpaceBetween>
  );
}
