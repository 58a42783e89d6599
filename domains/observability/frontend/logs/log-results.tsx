import Container from '@cloudscape-design/components/container';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type ReactNode, useMemo } from 'react';
import type { ChartView } from '#shared/frontend/chart/time-series-chart.tsx';
import { plural } from '#shared/frontend/format.ts';
import { Empty, Loading } from '#shared/frontend/page-states.tsx';
import { useZone } from '#shared/frontend/time-range.ts';
import { Histogram } from './histogram.tsx';
import { barsOf } from './histogram-bars.ts';
import { LogFailure, queryErrorOf } from './log-failure.tsx';
import { LogTable } from './log-table.tsx';
import { RunStatus } from './run-status.tsx';
import type { LogCount, LogSearch } from './types.ts';
import type { LogRun } from './use-log-run.ts';

interface Props {
  lines: LogRun<LogSearch>;
  counts: LogRun<LogCount>;
  /** Whether lines are counted over time at all. */
  histogram: boolean;
  switchHistogram: ReactNode;
  view: ChartView;
  onView: (view: ChartView) => void;
  onZoom: (from: string, to: string) => void;
}

/** What was found: counted over time, and row by row. Neither waits for the other. */
export function LogResults({ lines, counts, histogram, switchHistogram, ...chart }: Props) {
  return (
    <SpaceBetween size="l">
      <Container>
        <SpaceBetween size="s">
          {switchHistogram}
          {histogram ? <Counted counts={counts} linesError={lines.error} {...chart} /> : null}
        </SpaceBetween>
      </Container>
      <Container>
        <SpaceBetween size="s">
          {lines.error ? <LogFailure error={lines.error} onRetry={lines.again} /> : null}
          <RunStatus run={lines} counted={histogram ? counts.answer : undefined} />
          <Found lines={lines} />
        </SpaceBetween>
      </Container>
    </SpaceBetween>
  );
}

function Found({ lines: { answer, error, isUnfinished } }: { lines: LogRun<LogSearch> }) {
  if (!answer) return error ? null : <Loading what="log lines" />;
  if (answer.rows.length > 0) return <LogTable answer={answer} />;
  const scanned = `${plural(answer.statistics.recordsScanned, 'line')} scanned`;
  if (isUnfinished) return <Empty title="No rows yet">{scanned} so far.</Empty>;
  return (
    <Empty title="No lines match">
      {scanned}. Choose a longer range or other log groups, or ask for less.
    </Empty>
  );
}

function Counted(
  props: { counts: LogRun<LogCount>; linesError: unknown } & Pick<Props, 'view' | 'onView' | 'onZoom'>,
) {
  const { counts, linesError, view, onView, onZoom } = props;
  const zone = useZone();
  const { answer, error, isUnfinished } = counts;
  const isUnreadable = queryErrorOf(linesError) !== undefined;
  const bars = useMemo(() => answer && barsOf(answer), [answer]);
  // Lines are counted by a part of the query only: of one that cannot be read they say nothing.
  if (bars && !isUnreadable) {
    return <Histogram {...{ bars, zone, view, onView, onZoom }} isPartial={isUnfinished} />;
  }
  // What is wrong with both is told once, where the lines would be.
  if (error || isUnreadable)
    return linesError || queryErrorOf(error) ? null : <LogFailure error={error} onRetry={counts.again} />;
  return <Loading what="lines over time" />;
}
