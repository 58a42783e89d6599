/** The addresses of the pages of events. */
export const paths = {
  streams: '/events/streams',
  /** A stream, as it stands or at a version. */
  stream: (type: string, id: string, version?: number) =>
    `/events/streams/${encodeURIComponent(type)}/${encodeURIComponent(id)}${
      version === undefined ? '' : `?version=${version}`
    }`,
  failures: '/events/failures',
  failure: (id: string) => `/events/failures/${encodeURIComponent(id)}`,
} as const;
