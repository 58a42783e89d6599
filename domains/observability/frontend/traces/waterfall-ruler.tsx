import { type PointerEvent, useRef, useState } from 'react';
import { ticksOf, type Zoom } from './trace-state.ts';
import { formatDuration } from './trace-words.ts';

/** A drag shorter than this part of the ruler is a click. */
const shortestDrag = 0.01;

/** The scale of time above the bars. Dragging on it shows only that part. */
export function WaterfallRuler({ zoom, onZoom }: { zoom: Zoom; onZoom: (zoom: Zoom) => void }) {
  const ruler = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<{ anchor: number; head: number }>();
  const length = zoom.to - zoom.from;
  const place = (event: PointerEvent): number => {
    const box = ruler.current?.getBoundingClientRect();
    return box ? Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)) : 0;
  };
  const [first, last] = drag ? [Math.min(drag.anchor, drag.head), Math.max(drag.anchor, drag.head)] : [0, 0];
  const end = (): void => {
    setDrag(undefined);
    if (last - first < shortestDrag) return;
    const at = (share: number) => Math.round((zoom.from + length * share) * 1000) / 1000;
    if (at(last) > at(first)) onZoom({ from: at(first), to: at(last) });
  };
  return (
    <div
      ref={ruler}
      className="skafu-span-ruler"
      title="Drag to show a part of the time"
      onPointerDown={(event) => {
        ruler.current?.setPointerCapture(event.pointerId);
        setDrag({ anchor: place(event), head: place(event) });
      }}
      onPointerMove={(event) => {
        if (drag) setDrag({ ...drag, head: place(event) });
      }}
      onPointerUp={end}
      onPointerCancel={() => setDrag(undefined)}
    >
      {ticksOf(zoom).map((time) => (
        <span key={time} style={{ insetInlineStart: `${(100 * (time - zoom.from)) / length}%` }}>
          {formatDuration(time)}
        </span>
      ))}
      {drag ? (
        <i style={{ insetInlineStart: `${100 * first}%`, inlineSize: `${100 * (last - first)}%` }} />
      ) : null}
    </div>
  );
}
