/** The search of those who do not write queries. */
export interface SimpleSearch {
  /** What the line must hold. */
  text: string;
  level: string;
}

/** What every line is shown with; the last two say where it stands, so that the lines around it can be read. */
const shown = 'fields @timestamp, level, @message, @log, @logStream';

/** The query that a simple search means. */
export function simpleQuery({ text, level }: SimpleSearch): string {
  const filters = [
    ...(text.trim() === '' ? [] : [`filter @message like ${quoted(text.trim())}`]),
    ...(level === 'any' ? [] : [`filter level = ${quoted(level)}`]),
  ];
  return [shown, ...filters, 'sort @timestamp desc', 'limit 1000'].join('\n| ');
}

/** All lines that hold a request's id, in the order in which they were written. */
export function requestQuery(id: string): string {
  return [shown, `filter @message like ${quoted(id)}`, 'sort @timestamp asc', 'limit 10000'].join('\n| ');
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

export interface Sample {
  id: string;
  text: string;
  query: string;
}

/** Queries to begin with. */
export const samples: readonly Sample[] = [
  { id: 'latest', text: 'Latest lines', query: simpleQuery({ text: '', level: 'any' }) },
  { id: 'errors', text: 'Errors', query: simpleQuery({ text: '', level: 'ERROR' }) },
  {
    id: 'errors-by-service',
    text: 'Errors of each service over time',
    query: [
      'filter level = "ERROR"',
      'stats count(*) as errors by service, bin(5m)',
      'sort errors desc',
      'limit 100',
    ].join('\n| '),
  },
  {
    id: 'slowest',
    text: 'Slowest invocations',
    query: [
      'filter @type = "REPORT"',
      'fields @timestamp, @duration, @maxMemoryUsed / 1000000 as memoryMB, @requestId, @log, @logStream',
      'sort @duration desc',
      'limit 20',
    ].join('\n| '),
  },
  {
    id: 'durations',
    text: 'Durations of each function',
    query: [
      'filter @type = "REPORT"',
      'stats count(*) as invocations, avg(@duration) as average, pct(@duration, 95) as p95, max(@duration) as slowest by @log',
      'sort p95 desc',
    ].join('\n| '),
  },
  {
    id: 'refusals',
    text: 'Requests that were refused',
    query: [
      'fields @timestamp, route, slug, status, detail, correlationId, @log, @logStream',
      'filter message = "Refused"',
      'sort @timestamp desc',
      'limit 1000',
    ].join('\n| '),
  },
  {
    id: 'loudest',
    text: 'Lines of each group',
    query: ['stats count(*) as lines by @log', 'sort lines desc'].join('\n| '),
  },
];
