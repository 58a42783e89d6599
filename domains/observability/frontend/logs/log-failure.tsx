import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import { Failed } from '#shared/frontend/page-states.tsx';
import { type FieldProblem, isProblem } from '#shared/frontend/problem.ts';

/** What AWS says of a query that it cannot read. */
export function queryErrorOf(error: unknown): string | undefined {
  return fieldProblems(error).find(({ pointer }) => pointer === '#/query')?.detail;
}

/** Why lines could not be had: a wish that cannot be met, too many queries at once, or what can happen to any request. */
export function LogFailure({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const fields = fieldProblems(error);
  if (fields.some(({ pointer }) => pointer === '#/query')) {
    return (
      <Alert type="error" header="CloudWatch Logs cannot read the query">
        Nothing was searched. What is wrong stands at the query.
      </Alert>
    );
  }
  if (fields.length > 0) {
    return (
      <Alert type="error" header="Nothing was searched">
        {fields.map(({ pointer, detail }) => `${names[pointer] ?? pointer} ${detail}.`).join(' ')}
      </Alert>
    );
  }
  if (isProblem(error) && error.status === 429) {
    return (
      <Alert
        type="warning"
        header="Too many queries at once"
        action={<Button onClick={onRetry}>Run again</Button>}
      >
        {error.detail ?? 'CloudWatch Logs takes no more queries now. Try again in 5 seconds.'}
      </Alert>
    );
  }
  return <Failed what="log lines" error={error} onRetry={onRetry} />;
}

const names: Readonly<Record<string, string>> = {
  '#/from': 'The start of the range',
  '#/to': 'The end of the range',
  '#/groups': 'The log groups',
};

function fieldProblems(error: unknown): readonly FieldProblem[] {
  return isProblem(error) ? (error.errors ?? []) : [];
}
