import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import type { ReactNode } from 'react';
import { isProblem } from './problem.ts';

/** What stands where data will stand. */
export function Loading({ what }: { what: string }) {
  return (
    <Box textAlign="center" padding={{ vertical: 'l' }} color="text-body-secondary">
      <SpaceBetween direction="horizontal" size="xs" alignItems="center">
        <Spinner />
        <span role="status">Loading {what}…</span>
      </SpaceBetween>
    </Box>
  );
}

/** Nothing exists yet: says so, and offers the first step. */
export function Empty({
  title,
  children,
  action,
}: {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <Box textAlign="center" padding={{ vertical: 'm' }} color="inherit">
      <SpaceBetween size="xs">
        <b>{title}</b>
        {children ? <Box color="text-body-secondary">{children}</Box> : null}
        {action}
      </SpaceBetween>
    </Box>
  );
}

/** Something exists, but nothing that the filter lets through. */
export function NoMatch({ what, onClear }: { what: string; onClear: () => void }) {
  return (
    <Empty title={`No ${what} match the filter`} action={<Button onClick={onClear}>Clear filter</Button>}>
      Change or clear the filter to see more.
    </Empty>
  );
}

/** Why data could not be had: forbidden, gone or failed; only the last can be tried again. */
export function Failed({ what, error, onRetry }: { what: string; error: unknown; onRetry: () => void }) {
  const problem = isProblem(error) ? error : undefined;
  if (problem?.status === 403) return <Forbidden what={what} detail={problem.detail} />;
  if (problem?.status === 404) {
    return (
      <Alert type="info" header="Not found">
        {problem.detail ?? `There is no such thing among the ${what}. It may have been deleted.`}
      </Alert>
    );
  }
  return (
    <Alert
      type="error"
      header={`Could not load ${what}`}
      action={
        <Button onClick={onRetry} iconName="refresh">
          Retry
        </Button>
      }
    >
      {problem ? `${problem.title}. ${problem.detail ?? ''}` : 'The console failed to read the answer.'}
      {problem?.correlationId ? (
        <Box variant="small" display="block">
          Correlation id {problem.correlationId}
        </Box>
      ) : null}
    </Alert>
  );
}

/** The API, or the console itself, does not let this person see something. */
export function Forbidden({ what, detail }: { what: string; detail?: string | undefined }) {
  return (
    <Alert type="warning" header={`You may not see ${what}`}>
      {detail ?? 'Your roles do not allow it. Ask an administrator of this installation for access.'}
    </Alert>
  );
}
