import uPlot from 'uplot';
import type { ColorMode } from '../color-mode.ts';
import { formatValue, unitNames } from '../format.ts';
import { type ChartTimes, tickText } from './chart-times.ts';
import { axisColor, gridColor, resolveColor, seriesColor, surfaceColor, thresholdColor } from './palette.ts';
import { spread, type Threshold } from './plot-spread.ts';
import { type Band, type Series, unitsOf } from './series.ts';

export interface PlotInput {
  series: readonly Series[];
  hidden: ReadonlySet<string>;
  threshold: Threshold | undefined;
  bands: readonly Band[];
  zone: string;
  times: ChartTimes;
  /** Epoch milliseconds. */
  from: number;
  to: number;
  width: number;
  height: number;
  /** The mode whose colors the page shows; another mode needs another plot. */
  mode: ColorMode;
  /** Called with the index on the time axis under the pointer, or nothing when it left. */
  onCursor: (index: number | undefined) => void;
  /** Called with the span (epoch milliseconds) that the person drew over the chart. */
  onZoom: ((from: number, to: number) => void) | undefined;
}

/** Room for an axis with its label, in CSS pixels; on a narrow chart the caption alone names the units. */
export const axisSize = 88;
export const endPadding = 40;
const narrowAxisSize = 60;
const labelSize = 18;
const narrow = 480;
/** Room for a time on the axis. */
const tickSpace = 90;

/** More points than this stand so close that marks on each would hide the line. */
const mostMarkedPoints = 120;

/** What uPlot needs to draw `input` within `element`: one scale for each unit, the first left, the second right. */
export function plotOptions(element: HTMLElement, input: PlotInput): uPlot.Options {
  const color = (name: string): string => resolveColor(element, name);
  const units = unitsOf(input.series);
  const wide = input.width >= narrow;
  const font = `12px ${getComputedStyle(element).fontFamily}`;
  const lines = { stroke: color(gridColor), width: 1 };
  return {
    width: input.width,
    height: input.height,
    legend: { show: false },
    // Room for the half of the last time that stands beyond the end.
    padding: [null, units.length > 1 ? null : endPadding, null, null],
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), input.zone),
    cursor: {
      y: false,
      drag: { x: input.onZoom !== undefined, y: false, setScale: false },
      points: { size: 8 },
    },
    scales: {
      x: { time: true, range: [input.from / 1000, input.to / 1000] },
      ...Object.fromEntries(
        units.map((unit) => [
          unit,
          { range: (_: uPlot, low: number, high: number) => spread(low, high, input.threshold) },
        ]),
      ),
    },
    axes: [
      {
        stroke: color(axisColor),
        font,
        grid: { show: false },
        ticks: lines,
        space: tickSpace,
        // Months have no common length that round numbers of days would meet.
        ...(input.times === 'months' ? { splits: (plot: uPlot) => thinned(plot.data[0], plot.width) } : {}),
        values: (_, splits) => splits.map((split) => tickText(split * 1000, input.zone, input.times)),
      },
      ...units.slice(0, 2).map(
        (unit, index): uPlot.Axis => ({
          scale: unit,
          side: index === 0 ? 3 : 1,
          stroke: color(axisColor),
          font,
          size: wide ? axisSize - labelSize : narrowAxisSize,
          ...(wide ? { label: unitNames[unit], labelSize, labelFont: font, labelGap: 2 } : {}),
          grid: index === 0 ? lines : { show: false },
          ticks: { show: false },
          values: (_, splits) => splits.map((split) => formatValue(split, unit)),
        }),
      ),
    ],
    series: [
      {},
      ...input.series.map((each, index): uPlot.Series => {
        const stroke = color(seriesColor(index));
        return {
          label: each.label,
          scale: each.unit,
          stroke,
          width: 2,
          show: !input.hidden.has(each.id),
          points: { size: 5, fill: stroke, ...(each.times.length <= mostMarkedPoints ? { show: true } : {}) },
        };
      }),
    ],
    bands: input.bands.flatMap(({ upper, lower }): uPlot.Band[] => {
      const place = (id: string) => input.series.findIndex((each) => each.id === id);
      const [top, bottom] = [place(upper), place(lower)];
      if (top < 0 || bottom < 0) return [];
      return [{ series: [top + 1, bottom + 1], fill: translucent(color(seriesColor(top))) }];
    }),
    hooks: {
      draw: [
        (plot) =>
          drawThreshold(plot, units[0], input.threshold, color(thresholdColor), color(surfaceColor), font),
      ],
      setCursor: [(plot) => input.onCursor(plot.cursor.idx ?? undefined)],
      setSelect: [(plot) => zoom(plot, input.onZoom)],
    },
  };
}

/** As many of the times as have room for their names, at equal steps. */
function thinned(times: ArrayLike<number>, width: number): number[] {
  const every = Math.max(1, Math.ceil((times.length * tickSpace) / Math.max(1, width)));
  return Array.from(times).filter((_, index) => index % every === 0);
}

/** A resolved color as it fills a band, so that lines and grid show through. */
function translucent(color: string): string {
  const [red = 0, green = 0, blue = 0] = (color.match(/[\d.]+/g) ?? []).map(Number);
  return `rgba(${red}, ${green}, ${blue}, 0.18)`;
}

function drawThreshold(
  plot: uPlot,
  scale: string | undefined,
  threshold: Threshold | undefined,
  stroke: string,
  halo: string,
  font: string,
): void {
  if (!threshold || !scale) return;
  const { ctx, bbox } = plot;
  const height = Math.round(plot.valToPos(threshold.value, scale, true));
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.strokeStyle = stroke;
  ctx.fillStyle = stroke;
  ctx.lineWidth = 2 * ratio;
  ctx.setLineDash([6 * ratio, 4 * ratio]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, height);
  ctx.lineTo(bbox.left + bbox.width, height);
  ctx.stroke();
  ctx.font = font.replace('12px', `${12 * ratio}px`);
  ctx.textAlign = 'right';
  const above = height - bbox.top > 18 * ratio;
  ctx.textBaseline = above ? 'bottom' : 'top';
  ctx.setLineDash([]);
  ctx.lineWidth = 4 * ratio;
  ctx.strokeStyle = halo;
  ctx.strokeText(threshold.label, bbox.left + bbox.width - 6 * ratio, height + (above ? -4 : 4) * ratio);
  ctx.fillText(threshold.label, bbox.left + bbox.width - 6 * ratio, height + (above ? -4 : 4) * ratio);
  ctx.restore();
}

function zoom(plot: uPlot, onZoom: PlotInput['onZoom']): void {
  const { left, width } = plot.select;
  if (!onZoom || width < 4) return;
  const from = plot.posToVal(left, 'x') * 1000;
  const to = plot.posToVal(left + width, 'x') * 1000;
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  onZoom(from, to);
}
