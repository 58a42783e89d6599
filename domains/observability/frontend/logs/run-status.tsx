import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { formatValue, plural } from '#shared/frontend/format.ts';
import { scanCost } from './scan-cost.ts';
import type { LogAnswer, LogSearch } from './types.ts';
import type { LogRun } from './use-log-run.ts';

/** How far the query has come: what was found and scanned, what it cost, and what is missing. */
export function RunStatus({ run, counted }: { run: LogRun<LogSearch>; counted: LogAnswer | undefined }) {
  const { answer } = run;
  if (!answer) return null;
  const { recordsMatched, recordsScanned, bytesScanned } = answer.statistics;
  const bytes = bytesScanned + (counted?.statistics.bytesScanned ?? 0);
  const { amount, explanation } = scanCost(bytes);
  return (
    <SpaceBetween size="xs">
      <Box>
        <span role="status">
          {plural(answer.rows.length, 'row')} shown, {plural(recordsMatched, 'line')} matched,{' '}
          {plural(recordsScanned, 'line')} and {formatValue(bytesScanned, 'bytes')} scanned in{' '}
          {plural(answer.groups.length, 'log group')}. Estimated cost: {amount}.
        </span>
        <Box variant="small" display="block">
          {explanation}
          {counted ? ' The histogram scans the same lines once more.' : ''}
        </Box>
      </Box>
      <Incomplete run={run} answer={answer} />
      {answer.cut > 0 ? (
        <Alert type="warning" header={`${plural(answer.cut, 'row')} left out`}>
          The rows are larger than one answer may be. Ask for fewer fields, or for a shorter range.
        </Alert>
      ) : null}
      {answer.groupsLeft > 0 ? (
        <Alert type="warning" header={`${plural(answer.groupsLeft, 'log group')} not searched`}>
          A query searches {answer.groups.length} log groups at most. Choose those that matter.
        </Alert>
      ) : null}
    </SpaceBetween>
  );
}

function Incomplete({ run, answer }: { run: LogRun<LogSearch>; answer: LogSearch }) {
  const rows = 'The rows below are a part of what it would find.';
  if (run.isUnfinished) {
    return (
      <Alert
        type="info"
        header="The query still runs"
        action={
          <Button onClick={run.more} loading={run.isWaiting} loadingText="Waiting for more rows">
            Continue
          </Button>
        }
      >
        {run.isWaiting ? 'Waiting for more rows.' : 'It goes on at AWS. Continue to see what it found since.'}{' '}
        {rows}
      </Alert>
    );
  }
  if (answer.status === 'complete') return null;
  const what = {
    cancelled: 'The query was stopped',
    'timed-out': 'The query took longer than CloudWatch Logs allows',
    failed: 'CloudWatch Logs failed to run the query',
  }[answer.status as string];
  return (
    <Alert
      type={answer.status === 'cancelled' ? 'info' : 'error'}
      header={what ?? 'CloudWatch Logs does not say how the query ended'}
      action={<Button onClick={run.again}>Run again</Button>}
    >
      {rows}
    </Alert>
  );
}
