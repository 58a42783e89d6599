import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import {
  colorBackgroundDropdownItemHover,
  colorChartsPaletteCategorical1,
} from '@cloudscape-design/design-tokens';
import { type CSSProperties, lazy, Suspense, useId, useMemo, useState } from 'react';
import type { ChartView } from '#shared/frontend/chart/time-series-chart.tsx';
import { plural } from '#shared/frontend/format.ts';
import { Loading } from '#shared/frontend/page-states.tsx';
import { formatInstant, formatLength, formatMinute } from '#shared/frontend/time.ts';
import type { Bars } from './histogram-bars.ts';
import '#shared/frontend/chart/chart.css';
import './histogram.css';

/** Heavy, and seldom asked for. */
const ChartTable = lazy(async () => ({
  default: (await import('#shared/frontend/chart/chart-table.tsx')).ChartTable,
}));

interface Props {
  bars: Bars;
  /** Whether lines are still being counted. */
  isPartial: boolean;
  zone: string;
  view: ChartView;
  onView: (view: ChartView) => void;
  /** Called with the range of the bars that a person chose. */
  onZoom: (from: string, to: string) => void;
}

/** Lines over time. A bar or several, chosen by pointer or keyboard, become the new range. */
export function Histogram({ bars, isPartial, zone, view, onView, onZoom }: Props) {
  const captionId = useId();
  const total = bars.counts.reduce((sum, count) => sum + count, 0);
  const caption = `${plural(total, 'line')}${isPartial ? ' so far' : ''}, counted for each ${formatLength(bars.length / 1000)}.`;
  const table = useMemo(
    () => ({
      series: [
        { id: 'lines', label: 'Lines', unit: 'count' as const, times: bars.times, values: bars.counts },
      ],
      aligned: { times: bars.times, columns: [bars.counts] },
    }),
    [bars],
  );
  const zoom = (first: number, last: number): void => {
    const [from, to] = [bars.times[Math.min(first, last)], bars.times[Math.max(first, last)]];
    if (from === undefined || to === undefined) return;
    onZoom(new Date(from).toISOString(), new Date(to + bars.length).toISOString());
  };
  return (
    <figure className="skafu-figure" aria-labelledby={captionId}>
      <div className="skafu-figure-bar">
        <figcaption id={captionId}>
          <Box variant="small">
            {caption} Times in {zone}.
          </Box>
        </figcaption>
        <SegmentedControl
          label="Show lines over time as"
          selectedId={view}
          onChange={({ detail }) => onView(detail.selectedId === 'table' ? 'table' : 'chart')}
          options={[
            { id: 'chart', text: 'Chart' },
            { id: 'table', text: 'Table' },
          ]}
        />
      </div>
      {view === 'table' ? (
        <Suspense fallback={<Loading what="the table" />}>
          <ChartTable caption="Lines over time" {...table} zone={zone} times="instants" />
        </Suspense>
      ) : (
        <BarChart bars={bars} zone={zone} onChoose={zoom} />
      )}
    </figure>
  );
}

function BarChart(props: { bars: Bars; zone: string; onChoose: (first: number, last: number) => void }) {
  const { bars, zone, onChoose } = props;
  const { times, counts, length } = bars;
  const [drawn, setDrawn] = useState<{ first: number; last: number }>();
  const [read, setRead] = useState<number>();
  const highest = Math.max(1, ...counts);
  const last = counts.length - 1;
  const index = Math.min(read ?? last, last);
  const spoken = describeBar(bars, index, zone);
  const isChosen = (bar: number): boolean =>
    drawn
      ? bar >= Math.min(drawn.first, drawn.last) && bar <= Math.max(drawn.first, drawn.last)
      : bar === read;
  const finish = (): void => {
    if (drawn) onChoose(drawn.first, drawn.last);
    setDrawn(undefined);
  };
  return (
    <>
      <div className="skafu-bars-axis">
        <span>Highest: {plural(Math.max(0, ...counts), 'line')}</span>
        <span>Click a bar, or draw over several, to look closer</span>
      </div>
      <div
        className="skafu-bars"
        style={colors}
        aria-hidden="true"
        onPointerUp={finish}
        onPointerLeave={() => setDrawn(undefined)}
      >
        {times.map((time, bar) => (
          <div
            key={time}
            className="skafu-bar"
            data-chosen={isChosen(bar) || undefined}
            title={describeBar(bars, bar, zone)}
            onPointerDown={() => setDrawn({ first: bar, last: bar })}
            onPointerEnter={() => setDrawn((before) => before && { ...before, last: bar })}
          >
            <span style={{ blockSize: barHeight(counts[bar] ?? 0, highest) }} />
          </div>
        ))}
      </div>
      <div className="skafu-bars-axis" aria-hidden="true">
        <span>{formatMinute(times[0] ?? 0, zone)}</span>
        <span>{formatMinute((times[last] ?? 0) + length, zone)}</span>
      </div>
      <div className="skafu-bars-reader">
        <input
          type="range"
          aria-label="Read the lines at a point in time"
          aria-valuetext={spoken}
          min={0}
          max={last}
          value={index}
          onChange={(event) => setRead(event.target.valueAsNumber)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') onChoose(index, index);
          }}
        />
        <Box variant="small">{spoken}</Box>
        <Button variant="inline-link" onClick={() => onChoose(index, index)}>
          Look closer
        </Button>
      </div>
    </>
  );
}

const colors = {
  '--skafu-bar-color': colorChartsPaletteCategorical1,
  '--skafu-bar-chosen': colorBackgroundDropdownItemHover,
} as CSSProperties;

/** A single line among thousands still shows. */
function barHeight(count: number, highest: number): string {
  return count === 0 ? '0' : `max(2px, ${(count / highest) * 100}%)`;
}

function describeBar(bars: Bars, index: number, zone: string): string {
  return `${formatInstant(bars.times[index] ?? 0, zone)}: ${plural(bars.counts[index] ?? 0, 'line')}`;
}
