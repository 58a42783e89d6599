import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { formatValue } from '#shared/frontend/format.ts';
import { describe, isProblem } from '#shared/frontend/problem.ts';
import { useTick } from '#shared/frontend/refresh.ts';
import { formatLength } from '#shared/frontend/time.ts';
import { Timestamp } from '#shared/frontend/timestamp.tsx';
import type { Asked } from './api.ts';

/** How old an answer is, until when it stays, and what a newer one costs: AWS is asked only when a person says so. */
export function Freshness(props: { asked: Asked; asking: boolean; error: unknown; onAsk: () => void }) {
  const { asked, asking, error, onAsk } = props;
  const { now } = useTick(60);
  const age = Math.max(0, Math.floor((now - Date.parse(asked.cachedAt)) / 60_000)) * 60;
  return (
    <SpaceBetween size="xs">
      <SpaceBetween direction="horizontal" size="xs" alignItems="center">
        <Box color="text-body-secondary">
          Asked of AWS {age === 0 ? 'less than a minute' : formatLength(age)} ago,{' '}
          <Timestamp value={asked.cachedAt} />; kept until <Timestamp value={asked.expiresAt} />.
        </Box>
        <Button iconName="refresh" loading={asking} onClick={onAsk}>
          Ask again for {formatValue(asked.price, 'dollars')}
        </Button>
      </SpaceBetween>
      {error ? (
        <Alert type="error">{isProblem(error) ? describe(error) : 'The console failed. Try again.'}</Alert>
      ) : null}
    </SpaceBetween>
  );
}
