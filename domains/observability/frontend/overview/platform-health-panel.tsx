import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';
import { formatValue, plural, type Unit } from '#shared/frontend/format.ts';
import { PageButton } from '#shared/frontend/links.tsx';
import { Empty, Failed, Loading } from '#shared/frontend/page-states.tsx';
import { useTick } from '#shared/frontend/refresh.ts';
import { formatInstant } from '#shared/frontend/time.ts';
import { useZone } from '#shared/frontend/time-range.ts';
import { paths } from '../paths.ts';
import { type PlatformHealth, usePlatformHealthQuery } from './platform-health.ts';

const refreshSeconds = 60;

/** What the platform served in the last hour, and what failed. */
export default function PlatformHealthPanel() {
  const { now } = useTick(refreshSeconds);
  const zone = useZone();
  const query = usePlatformHealthQuery(now);
  const { data, error } = query;
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={
            data
              ? `${formatInstant(data.from, zone)} to ${formatInstant(data.to, zone)}, refreshed every minute.`
              : 'The last hour.'
          }
          actions={<PageButton to={paths.metrics}>Explore metrics</PageButton>}
        >
          Platform health
        </Header>
      }
    >
      <SpaceBetween size="m">
        {error ? <Failed what="platform health" error={error} onRetry={() => void query.refetch()} /> : null}
        {data ? <Numbers health={data} /> : error ? null : <Loading what="platform health" />}
      </SpaceBetween>
    </Container>
  );
}

function Numbers({ health }: { health: PlatformHealth }) {
  const { api, functions } = health;
  if (!api && !functions) {
    return <Empty title="No metrics yet">Numbers show up here after the first requests.</Empty>;
  }
  return (
    <KeyValuePairs
      columns={3}
      minColumnWidth={200}
      items={[
        ...(api
          ? [
              pair('API requests', api.requests, 'count', 'in one hour'),
              api.slowestP95 === undefined
                ? { label: 'API latency, p95', value: <Quiet>No requests</Quiet> }
                : pair('API latency, p95', api.slowestP95, 'milliseconds', 'in the slowest minute'),
              pair(
                'API server errors (5xx)',
                api.serverErrors,
                'count',
                share(api.serverErrors, api.requests),
              ),
              pair(
                'API client errors (4xx)',
                api.clientErrors,
                'count',
                share(api.clientErrors, api.requests),
              ),
            ]
          : []),
        ...(functions
          ? [
              pair(
                'Lambda invocations',
                functions.invocations,
                'count',
                `of ${plural(functions.count, 'function')}`,
              ),
              pair('Lambda errors', functions.errors, 'count', failingText(functions.failing)),
            ]
          : []),
      ]}
    />
  );
}

function pair(label: string, value: number, unit: Unit, detail: string): { label: string; value: ReactNode } {
  return {
    label,
    value: (
      <>
        <Box variant="awsui-value-large">{formatValue(value, unit)}</Box>
        <Quiet>{detail}</Quiet>
      </>
    ),
  };
}

function Quiet({ children }: { children: ReactNode }) {
  return <Box color="text-body-secondary">{children}</Box>;
}

function share(part: number, whole: number): string {
  return whole === 0 ? 'of no requests' : `${((part / whole) * 100).toFixed(1)} % of requests`;
}

function failingText(failing: readonly string[]): string {
  if (failing.length === 0) return 'no function failed';
  const shown = failing.slice(0, 2).join(', ');
  return failing.length > 2 ? `in ${shown} and ${failing.length - 2} more` : `in ${shown}`;
}
