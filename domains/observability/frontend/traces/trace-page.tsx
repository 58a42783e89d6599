import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import HelpPanel from '@cloudscape-design/components/help-panel';
import ProgressBar from '@cloudscape-design/components/progress-bar';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useParams } from 'react-router';
import { plural } from '#shared/frontend/format.ts';
import { PageButton } from '#shared/frontend/links.tsx';
import { Failed, Loading } from '#shared/frontend/page-states.tsx';
import { paths } from '../paths.ts';
import { TraceSummary } from './trace-summary.tsx';
import { TraceTimeline } from './trace-timeline.tsx';
import { askedText } from './trace-words.ts';
import { useTrace } from './use-trace.ts';

/** One trace: what was asked, how it went, and everything that worked for it. */
export default function TracePage() {
  const { traceId = '' } = useParams();
  const { trace, index, error, isFetching, isWhole, refetch } = useTrace(traceId);
  if (!trace) {
    return error ? <Failed what="the trace" error={error} onRetry={refetch} /> : <Loading what="the trace" />;
  }
  const routed = index.spans.find(({ annotations }) => annotations?.['route'] !== undefined);
  const route = routed?.annotations?.['route'];
  const title = askedText({
    ...(route === undefined ? {} : { route: String(route) }),
    ...trace.http,
    entryPoint: index.spans[0]?.name,
  });
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button
                iconName="refresh"
                ariaLabel="Refresh the trace"
                loading={isFetching}
                onClick={refetch}
              />
              <PageButton to={paths.logsOfRequest(traceId, trace.start)} variant="primary">
                Log lines of this request
              </PageButton>
            </SpaceBetween>
          }
        >
          <span style={{ overflowWrap: 'anywhere' }}>{title}</span>
        </Header>
      }
    >
      <SpaceBetween size="l">
        {error ? <Failed what="the rest of the trace" error={error} onRetry={refetch} /> : null}
        <Remarks trace={trace} />
        <Container header={<Header variant="h2">Summary</Header>}>
          <TraceSummary trace={trace} />
        </Container>
        {isWhole || error ? null : (
          <ProgressBar
            label="Loading spans"
            value={(100 * index.spans.length) / trace.spans}
            additionalInfo={`${plural(index.spans.length, 'span')} of ${plural(trace.spans, 'span')}`}
          />
        )}
        <TraceTimeline trace={trace} index={index} isWhole={isWhole} />
      </SpaceBetween>
    </ContentLayout>
  );
}

/** What keeps the trace from being the whole truth. */
function Remarks({ trace }: { trace: { cut: boolean; limitExceeded: boolean } }) {
  return (
    <>
      {trace.cut ? (
        <Alert type="warning" header="The trace is cut">
          X-Ray holds more spans of it than the console reads.
        </Alert>
      ) : null}
      {trace.limitExceeded ? (
        <Alert type="warning" header="X-Ray refused parts of the trace">
          It outgrew X-Ray’s quota for one trace, so parts of it were never kept.
        </Alert>
      ) : null}
    </>
  );
}

export function Help() {
  return (
    <HelpPanel header={<h2>Trace</h2>}>
      <p>
        Each row is a span: a piece of work, beneath what caused it. The bar says when it was done since the
        request came; its color says by which service. A dark line under a bar marks the <b>critical path</b>:
        what the answer waited for.
      </p>
      <p>
        In the tree, arrow keys move and fold, Home and End go to the ends, Enter opens the details. Drag on
        the scale of time to see a part of it.
      </p>
      <p>
        The relay and the read models follow after the answer: their bars stand behind the request’s own, and
        count in the duration of the trace, not in its response time.
      </p>
    </HelpPanel>
  );
}
