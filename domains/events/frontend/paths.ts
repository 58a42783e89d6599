import { lineagePath } from '#shared/frontend/lineage-link.tsx';

/** The addresses of the pages of events. */
export const paths = {
  streams: '/events/streams',
  stream: (type: string, id: string, version?: number) =>
    `/events/streams/${encodeURIComponent(type)}/${encodeURIComponent(id)}${
      version === undefined ? '' : `?version=${version}`
    }`,
  lineage: lineagePath,
} as const;
