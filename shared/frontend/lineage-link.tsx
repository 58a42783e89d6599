import { PageLink } from './links.tsx';
import { requestPaths } from './request-paths.ts';

/** From whatever knows its correlation id to all that was recorded under it, in one click. */
export function LineageLink({ correlationId, words }: { correlationId: string; words?: string }) {
  return <PageLink to={requestPaths.lineage(correlationId)}>{words ?? correlationId}</PageLink>;
}
