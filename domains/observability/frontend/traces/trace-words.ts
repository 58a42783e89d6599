import type { StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import { formatValue } from '#shared/frontend/format.ts';

interface Flags {
  fault?: boolean | undefined;
  error?: boolean | undefined;
  throttle?: boolean | undefined;
  inProgress?: boolean | undefined;
}

/** How it went, in a word and the indicator that goes with it. */
export function verdictOf({ fault, error, throttle, inProgress }: Flags): {
  word: string;
  type: StatusIndicatorProps.Type;
} {
  if (throttle) return { word: 'Throttled', type: 'warning' };
  if (fault) return { word: 'Fault', type: 'error' };
  if (error) return { word: 'Error', type: 'warning' };
  if (inProgress) return { word: 'In progress', type: 'in-progress' };
  return { word: 'OK', type: 'success' };
}

/** `12.35 ms`, `3.2 s`, `2.5 min`: the unit in which a length of time reads best. */
export function formatDuration(milliseconds: number | undefined): string {
  if (milliseconds === undefined) return 'in progress';
  if (milliseconds < 1000) return formatValue(Math.round(milliseconds * 100) / 100, 'milliseconds');
  if (milliseconds < 120_000) return formatValue(Math.round(milliseconds) / 1000, 'seconds');
  return `${formatValue(Math.round(milliseconds / 600) / 100, 'count')} min`;
}

/** `POST /api/v1/alerts`: what was asked, as exactly as the trace says. */
export function askedText(trace: {
  route?: string | undefined;
  method?: string | undefined;
  url?: string | undefined;
  entryPoint?: string | undefined;
}): string {
  if (trace.route) return trace.route;
  if (trace.url) return `${trace.method ?? ''} ${pathOf(trace.url)}`.trim();
  return trace.entryPoint ?? 'Without an entry point';
}

function pathOf(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname : url;
}
