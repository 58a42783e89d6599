import { PageLink } from './links.tsx';

/** The page that tells everything that followed from a request. */
export function lineagePath(correlationId: string): string {
  return `/events/lineage/${encodeURIComponent(correlationId)}`;
}

/** From any row that knows its correlation id to all that happened under it, in one click. */
export function LineageLink({ correlationId, words }: { correlationId: string; words?: string }) {
  return <PageLink to={lineagePath(correlationId)}>{words ?? correlationId}</PageLink>;
}
