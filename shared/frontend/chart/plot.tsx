import { useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useColorMode } from '../color-mode.ts';
import { type PlotInput, plotOptions } from './plot-options.ts';
import type { Aligned } from './series.ts';

type Props = Omit<PlotInput, 'width' | 'mode'> & { aligned: Aligned; index: number | undefined };

/** The canvas of a chart. Everything it shows is said elsewhere too, so assistive technology skips it. */
export function Plot(props: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(null);
  const latest = useRef(props);
  latest.current = props;
  const width = useWidth(frame);
  const mode = useColorMode();
  const { series, aligned, hidden, threshold, bands, zone, times, from, to, height, index } = props;

  useEffect(() => {
    const element = frame.current;
    if (!element || width === 0) return;
    const input: PlotInput = {
      ...{ series, hidden, threshold, bands, zone, times, from, to, width, height, mode },
      onCursor: (next) => latest.current.onCursor(next),
      onZoom: latest.current.onZoom && ((first, last) => latest.current.onZoom?.(first, last)),
    };
    const data = [aligned.times.map((time) => time / 1000), ...aligned.columns] as uPlot.AlignedData;
    const drawn = new uPlot(plotOptions(element, input), data, element);
    plot.current = drawn;
    return () => {
      plot.current = null;
      drawn.destroy();
    };
  }, [series, aligned, hidden, threshold, bands, zone, times, from, to, height, width, mode]);

  useEffect(() => moveCursor(plot.current, aligned, index), [aligned, index]);

  return <div ref={frame} className="skafu-plot" style={{ blockSize: height }} aria-hidden="true" />;
}

/** Puts the vertical line where the keyboard cursor stands; a cursor that the pointer holds is already there. */
function moveCursor(plot: uPlot | null, aligned: Aligned, index: number | undefined): void {
  if (!plot || plot.cursor.idx === index) return;
  const time = index === undefined ? undefined : aligned.times[index];
  const left = time === undefined ? -10 : plot.valToPos(time / 1000, 'x');
  plot.setCursor({ left, top: 0 }, false);
}

function useWidth(frame: React.RefObject<HTMLDivElement | null>): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (!frame.current) return;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    observer.observe(frame.current);
    return () => observer.disconnect();
  }, [frame]);
  return width;
}
