import Container from '@cloudscape-design/components/container';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import HelpPanel from '@cloudscape-design/components/help-panel';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Toggle from '@cloudscape-design/components/toggle';
import { useEffect, useMemo, useState } from 'react';
import { useTick } from '#shared/frontend/refresh.ts';
import { resolveRange, useTimeRange } from '#shared/frontend/time-range.ts';
import { TimeRangeControl } from '#shared/frontend/time-range-control.tsx';
import { useUrlState } from '#shared/frontend/url-state.ts';
import { queryErrorOf } from './log-failure.tsx';
import { LogResults } from './log-results.tsx';
import { addressOf, draftOf, type LogAddress, type LogDraft, logKeys, queryOf } from './logs-state.ts';
import { QueryEditor } from './query-editor.tsx';
import { RequestBanner } from './request-banner.tsx';
import type { LogWish } from './types.ts';
import { useLogCount, useLogSearch } from './use-log-run.ts';

/** Looks through the logs of the installation. The address is what was run; nothing runs by a timer, since it costs. */
export default function LogsPage() {
  const [address, change] = useUrlState(logKeys);
  const [range, changeRange] = useTimeRange();
  const { now, move } = useTick(0);
  const query = queryOf(address);
  const wish = useMemo(
    (): LogWish | undefined =>
      query === undefined
        ? undefined
        : {
            query,
            ...(address.groups.length > 0 && !address.request ? { groups: address.groups.join(',') } : {}),
            ...resolveRange(range, now, 1),
          },
    [query, address.groups, address.request, range, now],
  );
  const lines = useLogSearch(wish);
  const counts = useLogCount(address.histogram === 'on' ? wish : undefined);
  const [draft, setDraft] = useDraft(address);
  const isRunning = lines.isWaiting || lines.isUnfinished;
  const run = (): void => {
    const next = addressOf(draft);
    const isSame = address.request === '' && queryOf(next) === query;
    change(next);
    // A range that follows the clock moves on; one that stands is asked for again.
    move();
    if (!isSame || !range.absolute) return;
    lines.again();
    counts.again();
  };
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          description="Lines of CloudWatch Logs, searched where they are. Every run costs."
        >
          Logs
        </Header>
      }
    >
      <SpaceBetween size="l">
        <Container>
          <SpaceBetween size="s">
            <TimeRangeControl />
            {address.request === '' ? null : (
              <RequestBanner id={address.request} onLeave={() => change({ request: '' })} />
            )}
            <QueryEditor
              draft={draft}
              onChange={setDraft}
              onRun={run}
              onStop={() => {
                lines.stop();
                counts.stop();
              }}
              isRunning={isRunning}
              isStopping={lines.isStopping}
              queryError={queryErrorOf(lines.error)}
            />
          </SpaceBetween>
        </Container>
        {wish ? (
          <LogResults
            lines={lines}
            counts={counts}
            histogram={address.histogram === 'on'}
            view={address.view}
            onView={(view) => change({ view }, { replace: true })}
            onZoom={(from, to) => changeRange({ from, to })}
            switchHistogram={
              <Toggle
                checked={address.histogram === 'on'}
                onChange={({ detail }) => change({ histogram: detail.checked ? 'on' : 'off' })}
              >
                Count lines over time
              </Toggle>
            }
          />
        ) : null}
      </SpaceBetween>
    </ContentLayout>
  );
}

/** What stands in the editor: what the address says, until a person changes it. */
function useDraft(address: LogAddress): [LogDraft, (change: Partial<LogDraft>) => void] {
  const written = JSON.stringify(draftOf(address));
  const [draft, setDraft] = useState(() => draftOf(address));
  useEffect(() => setDraft(JSON.parse(written) as LogDraft), [written]);
  return [draft, (change) => setDraft((before) => ({ ...before, ...change }))];
}

export function Help() {
  return (
    <HelpPanel header={<h2>Logs</h2>}>
      <p>
        Search for a text and a level, or write a <b>query</b> of CloudWatch Logs Insights. The address holds
        what was run: share it, or go back to it. Going back within a quarter of an hour costs nothing.
      </p>
      <p>
        A query that takes longer than ten seconds answers with the rows so far. <b>Continue</b> shows more of
        it; <b>Cancel</b> stops it, so that it scans no more. AWS asks for the bytes that a query scans: a
        shorter range and fewer log groups cost less.
      </p>
      <p>
        Open a row to see all of it, the lines around it, and links to its trace and request. With the
        keyboard: arrow keys, Page Up and Down, Home and End lead from row to row, Enter opens one.
      </p>
    </HelpPanel>
  );
}
