import Box from '@cloudscape-design/components/box';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import { useId, useMemo, useState } from 'react';
import { formatValue, unitNames } from '../format.ts';
import { ChartLegend } from './chart-legend.tsx';
import { ChartTable } from './chart-table.tsx';
import { type ChartTimes, timeText } from './chart-times.ts';
import { Plot } from './plot.tsx';
import { axisSize, endPadding } from './plot-options.ts';
import type { Threshold } from './plot-spread.ts';
import { type Aligned, align, type Band, type Series, unitsOf } from './series.ts';
import './chart.css';

/** The same list every time, so that the chart is not drawn again for nothing. */
const noBands: readonly Band[] = [];

export type ChartView = 'chart' | 'table';

/**
 * Lines over time, with a legend, a cursor for pointer and keyboard, and a table of the same numbers.
 * `from` and `to` are RFC 3339; `period` is in seconds; more than two units share the chart but only two have an axis.
 */
export function TimeSeriesChart(props: {
  caption: string;
  series: readonly Series[];
  from: string;
  to: string;
  /** Absent where the periods have different lengths, such as months. */
  period?: number;
  zone: string;
  times?: ChartTimes;
  height?: number;
  threshold?: Threshold;
  bands?: readonly Band[];
  view: ChartView;
  onView: (view: ChartView) => void;
  onZoom?: (from: string, to: string) => void;
}) {
  const { caption, series, from, to, period, zone, height = 280, threshold, view, onView, onZoom } = props;
  const { times = 'instants', bands = noBands } = props;
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [index, setIndex] = useState<number>();
  const captionId = useId();
  const aligned = useMemo(() => align(series, period), [series, period]);
  // The same line in a new object must not draw the chart again.
  const { value: lineValue, label: lineLabel } = threshold ?? {};
  const line = useMemo(
    () => (lineValue === undefined ? undefined : { value: lineValue, label: lineLabel ?? '' }),
    [lineValue, lineLabel],
  );
  const units = unitsOf(series).map((unit) => unitNames[unit]);
  const toggle = (id: string): void => {
    const next = new Set(hidden);
    if (!next.delete(id)) next.add(id);
    setHidden(next);
  };
  return (
    <figure className="skafu-figure" aria-labelledby={captionId}>
      <div className="skafu-figure-bar">
        <figcaption id={captionId}>
          <Box variant="small">
            {caption} Unit: {units.join(', ') || 'none'}. Times in {zone}.
          </Box>
        </figcaption>
        <SegmentedControl
          label="Show as"
          selectedId={view}
          onChange={({ detail }) => onView(detail.selectedId === 'table' ? 'table' : 'chart')}
          options={[
            { id: 'chart', text: 'Chart' },
            { id: 'table', text: 'Table' },
          ]}
        />
      </div>
      {view === 'table' ? (
        <ChartTable caption={caption} series={series} aligned={aligned} zone={zone} times={times} />
      ) : (
        <>
          <Plot
            series={series}
            aligned={aligned}
            hidden={hidden}
            threshold={line}
            bands={bands}
            zone={zone}
            times={times}
            from={Date.parse(from)}
            to={Date.parse(to)}
            height={height}
            index={index}
            onCursor={setIndex}
            onZoom={
              onZoom && ((first, last) => onZoom(new Date(first).toISOString(), new Date(last).toISOString()))
            }
          />
          {aligned.times.length > 1 ? (
            <div className="skafu-cursor-row">
              <input
                type="range"
                className="skafu-cursor"
                style={{ marginInline: `${axisSize}px ${units.length > 1 ? axisSize : endPadding}px` }}
                aria-label="Read the values at a point in time"
                aria-valuetext={spoken(series, aligned, index ?? aligned.times.length - 1, zone, times)}
                min={0}
                max={aligned.times.length - 1}
                value={index ?? aligned.times.length - 1}
                onChange={(event) => setIndex(event.target.valueAsNumber)}
                onBlur={() => setIndex(undefined)}
              />
            </div>
          ) : null}
          <ChartLegend
            series={series}
            aligned={aligned}
            index={index}
            hidden={hidden}
            zone={zone}
            times={times}
            onToggle={toggle}
          />
        </>
      )}
    </figure>
  );
}

/** What a screen reader says at one point of the time axis. */
function spoken(
  series: readonly Series[],
  aligned: Aligned,
  index: number,
  zone: string,
  times: ChartTimes,
): string {
  const time = aligned.times[index];
  if (time === undefined) return 'No data';
  const values = series.map((each, position) => {
    const value = aligned.columns[position]?.[index];
    return `${each.label}: ${value === undefined || value === null ? 'no data' : formatValue(value, each.unit)}`;
  });
  return [timeText(time, zone, times), ...values].join(', ');
}
