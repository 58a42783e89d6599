import Icon from '@cloudscape-design/components/icon';
import { memo } from 'react';
import { isFailed } from './span-search.ts';
import { barOf, type Zoom } from './trace-state.ts';
import { formatDuration, verdictOf } from './trace-words.ts';
import type { TraceSpan } from './types.ts';

/** Beyond this many levels the indent stays, and the level is written. */
const deepestIndent = 12;

export const rowHeight = 28;

/** The id of a row's element, by which the grid names its active row. */
export function rowIdOf(row: number): string {
  return `skafu-span-${row}`;
}

interface Props {
  span: TraceSpan;
  row: number;
  top: number;
  color: string;
  zoom: Zoom;
  /** `undefined` where there is nothing beneath it. */
  open: boolean | undefined;
  active: boolean;
  selected: boolean;
  /** It stands here only because a span beneath it was searched for. */
  aside: boolean;
}

/** One span: its name in the tree, its bar in time, its length. */
export const WaterfallRow = memo(function WaterfallRow(props: Props) {
  const { span, row, top, color, zoom, open, active, selected, aside } = props;
  const state = `${active ? ' active' : ''}${selected ? ' selected' : ''}${aside ? ' aside' : ''}`;
  return (
    <tr
      id={rowIdOf(row)}
      className={`skafu-span${state}`}
      style={{ transform: `translateY(${top}px)`, blockSize: rowHeight }}
      aria-level={span.depth + 1}
      aria-rowindex={row + 2}
      aria-selected={selected}
      {...(open === undefined ? {} : { 'aria-expanded': open })}
      data-row={row}
    >
      <td className="skafu-span-name">
        <span
          style={{ inlineSize: 12 * Math.min(span.depth, deepestIndent) }}
          className="skafu-span-indent"
        />
        <span className="skafu-span-fold" data-fold={open === undefined ? undefined : ''} aria-hidden="true">
          {open === undefined ? '' : open ? '▾' : '▸'}
        </span>
        <span className="skafu-span-mark" style={{ background: color }} />
        {span.depth > deepestIndent ? <span className="skafu-span-level">level {span.depth + 1}</span> : null}
        <Flags span={span} />
        <span className="skafu-span-text" title={`${span.name} · ${span.service}`}>
          {span.name}
        </span>
      </td>
      <td className="skafu-span-time">
        <Bar span={span} zoom={zoom} color={color} />
        <span className="skafu-unseen">
          {`from ${formatDuration(span.start)}${span.critical ? ', on the critical path' : ''}`}
        </span>
      </td>
      <td className="skafu-span-length">{formatDuration(span.duration)}</td>
    </tr>
  );
});

function Flags({ span }: { span: TraceSpan }) {
  if (!isFailed(span)) return null;
  const { word, type } = verdictOf(span);
  return (
    <Icon
      name={type === 'error' ? 'status-negative' : 'status-warning'}
      variant={type === 'error' ? 'error' : 'warning'}
      size="small"
      ariaLabel={word}
    />
  );
}

function Bar({ span, zoom, color }: { span: TraceSpan; zoom: Zoom; color: string }) {
  const bar = barOf(span, zoom);
  if (!bar) {
    return (
      <span className="skafu-span-outside" aria-hidden="true">
        {span.start > zoom.to ? 'later ▸' : '◂ earlier'}
      </span>
    );
  }
  const kind = `${span.critical ? ' critical' : ''}${isFailed(span) ? ' failed' : ''}${
    span.kind === 'inferred' || span.duration === undefined ? ' unsure' : ''
  }`;
  return (
    <span
      className={`skafu-span-bar${kind}`}
      style={{ insetInlineStart: `${bar.left}%`, inlineSize: `${bar.width}%`, background: color }}
    />
  );
}
