import Box from '@cloudscape-design/components/box';
import { colorTextStatusError } from '@cloudscape-design/design-tokens';
import { type PointerEvent, useRef, useState } from 'react';
import { seriesColor } from '#shared/frontend/chart/palette.ts';
import { plural } from '#shared/frontend/format.ts';
import { formatMinute } from '#shared/frontend/time.ts';
import { formatDuration } from './trace-words.ts';
import { type Point, percentile } from './traces-state.ts';
import './traces.css';

const width = 1000;
const height = 180;
const margin = { left: 70, right: 16, top: 10, bottom: 26 };
/** A drag shorter than this is a click. */
const shortestDrag = 6;

/**
 * Each trace as a point: when it began and how long its caller waited, on a logarithmic scale. Dragging chooses the
 * time range. The table of the page holds the same traces, for reading and for screen readers.
 */
export function LatencyChart(props: {
  points: readonly Point[];
  from: string;
  to: string;
  zone: string;
  onSelect: (from: string, to: string) => void;
}) {
  const { points, zone, onSelect } = props;
  const [from, to] = [Date.parse(props.from), Date.parse(props.to)];
  const scale = scaleOf(points, from, to);
  const drag = useDrag((first, last) =>
    onSelect(new Date(scale.timeAt(first)).toISOString(), new Date(scale.timeAt(last)).toISOString()),
  );
  return (
    <figure className="skafu-latency">
      <figcaption>
        <Box variant="small">
          {summaryOf(points)} Drag to choose a time range. Times in {zone}.
        </Box>
      </figcaption>
      <svg
        ref={drag.svg}
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        aria-hidden="true"
        {...drag.handlers}
      >
        {scale.levels.map((level) => (
          <line
            key={level}
            className="skafu-latency-grid"
            x1={margin.left}
            x2={width - margin.right}
            y1={scale.y(level)}
            y2={scale.y(level)}
          />
        ))}
        {points.map((point) => (
          <Mark
            key={point.id}
            x={scale.x(point.time)}
            y={scale.y(point.milliseconds)}
            failed={point.failed}
          />
        ))}
        {drag.selection ? (
          <rect
            className="skafu-latency-selection"
            x={drag.selection.first}
            y={margin.top}
            width={drag.selection.last - drag.selection.first}
            height={height - margin.top - margin.bottom}
          />
        ) : null}
      </svg>
      <div className="skafu-latency-levels" aria-hidden="true">
        {scale.levels.map((level) => (
          <span key={level} style={{ insetBlockStart: `${(100 * scale.y(level)) / height}%` }}>
            {formatDuration(level)}
          </span>
        ))}
      </div>
      <div className="skafu-latency-times" aria-hidden="true">
        {[from, (from + to) / 2, to].map((time) => (
          <span key={time}>{formatMinute(time, zone)}</span>
        ))}
      </div>
      <Box variant="small">Dots went well; crosses failed, were refused or throttled.</Box>
    </figure>
  );
}

function summaryOf(points: readonly Point[]): string {
  if (points.length === 0) return 'Response times over time: no traces.';
  const sorted = points.map(({ milliseconds }) => milliseconds).sort((one, other) => one - other);
  const [median, high, worst] = [0.5, 0.95, 1].map((share) => formatDuration(percentile(sorted, share)));
  return `Response times of ${plural(points.length, 'trace')} shown: half within ${median}, 95 % within ${high}, the longest ${worst}.`;
}

function Mark({ x, y, failed }: { x: number; y: number; failed: boolean }) {
  if (!failed)
    return (
      <line className="skafu-latency-dot" style={{ stroke: seriesColor(0) }} x1={x} x2={x} y1={y} y2={y} />
    );
  return (
    <path
      className="skafu-latency-cross"
      style={{ stroke: colorTextStatusError }}
      d={`M${x - 4} ${y - 4}L${x + 4} ${y + 4}M${x - 4} ${y + 4}L${x + 4} ${y - 4}`}
    />
  );
}

function scaleOf(points: readonly Point[], from: number, to: number) {
  const lengths = points.map(({ milliseconds }) => Math.max(milliseconds, 0.1));
  const low = Math.floor(Math.log10(lengths.reduce((one, other) => Math.min(one, other), 10)));
  const high = Math.max(
    low + 1,
    Math.ceil(Math.log10(lengths.reduce((one, other) => Math.max(one, other), 1))),
  );
  const inner = { width: width - margin.left - margin.right, height: height - margin.top - margin.bottom };
  return {
    levels: Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index)),
    x: (time: number) => margin.left + (inner.width * (time - from)) / Math.max(1, to - from),
    y: (milliseconds: number) => {
      const share = (Math.log10(Math.max(milliseconds, 0.1)) - low) / (high - low);
      return margin.top + inner.height * (1 - share);
    },
    timeAt: (x: number) => {
      const share = (x - margin.left) / inner.width;
      return Math.round(from + (to - from) * Math.min(1, Math.max(0, share)));
    },
  };
}

/** Follows a drag, in the units of the drawing. */
function useDrag(onEnd: (first: number, last: number) => void) {
  const svg = useRef<SVGSVGElement>(null);
  const [range, setRange] = useState<{ anchor: number; head: number }>();
  const place = (event: PointerEvent): number => {
    const box = svg.current?.getBoundingClientRect();
    return box ? ((event.clientX - box.left) / box.width) * width : 0;
  };
  const selection = range && {
    first: Math.min(range.anchor, range.head),
    last: Math.max(range.anchor, range.head),
  };
  return {
    svg,
    selection,
    handlers: {
      onPointerDown: (event: PointerEvent) => {
        svg.current?.setPointerCapture(event.pointerId);
        setRange({ anchor: place(event), head: place(event) });
      },
      onPointerMove: (event: PointerEvent) => {
        if (range) setRange({ ...range, head: place(event) });
      },
      onPointerUp: () => {
        setRange(undefined);
        if (selection && selection.last - selection.first > shortestDrag)
          onEnd(selection.first, selection.last);
      },
      onPointerCancel: () => setRange(undefined),
    },
  };
}
