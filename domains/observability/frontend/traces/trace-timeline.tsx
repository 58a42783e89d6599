import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useDeferredValue, useEffect, useMemo, useState } from 'react';
import { formatValue, plural } from '#shared/frontend/format.ts';
import { NoMatch } from '#shared/frontend/page-states.tsx';
import { useUrlState } from '#shared/frontend/url-state.ts';
import { distinctColors, serviceColors } from './service-colors.ts';
import { SpanDetails } from './span-details.tsx';
import { type Folding, revealing, type SpanIndex, visibleRows } from './span-index.ts';
import { matchingSpans, spanKindNames, spanKinds } from './span-search.ts';
import { traceKeys, type Zoom } from './trace-state.ts';
import { formatDuration } from './trace-words.ts';
import type { TraceAnswer } from './types.ts';
import { Waterfall } from './waterfall.tsx';

/** The waterfall with its search, folding, legend, and the details of the span that is selected. */
export function TraceTimeline({
  trace,
  index,
  isWhole,
}: {
  trace: TraceAnswer;
  index: SpanIndex;
  isWhole: boolean;
}) {
  const [state, change] = useUrlState(traceKeys);
  const [turned, setTurned] = useState<ReadonlySet<string>>(new Set());
  const folding: Folding = useMemo(() => ({ levels: state.levels, turned }), [state.levels, turned]);
  const find = useDeferredValue(state.find);
  const matches = useMemo(() => matchingSpans(index.spans, state.show, find), [index, state.show, find]);
  const found = useMemo(() => matches && new Set(matches), [matches]);
  const rows = useMemo(() => visibleRows(index, folding, matches), [index, folding, matches]);
  const colors = useMemo(() => serviceColors(trace.services), [trace.services]);
  const whole: Zoom = { from: 0, to: Math.max(trace.duration, 0.001) };
  const zoom = state.zoom ?? whole;
  const selectedPlace = index.places.get(state.span);
  const selected = selectedPlace === undefined ? undefined : index.spans[selectedPlace];

  // A span that the address names must be in sight, whatever is folded.
  useEffect(() => {
    if (selectedPlace === undefined) return;
    setTurned((before) => revealing(index, { levels: state.levels, turned: before }, selectedPlace));
  }, [selectedPlace, index, state.levels]);

  return (
    <div className={`skafu-trace${selected ? ' with-details' : ''}`}>
      <Container
        header={
          <Header
            variant="h2"
            counter={`(${matches ? `${formatValue(matches.length, 'count')} of ` : ''}${formatValue(index.spans.length, 'count')}${isWhole ? '' : '+'})`}
            actions={
              state.zoom ? (
                <Button onClick={() => change({ zoom: undefined })}>Show all of the time</Button>
              ) : undefined
            }
            description={
              state.zoom
                ? `From ${formatDuration(zoom.from)} to ${formatDuration(zoom.to)} of ${formatDuration(trace.duration)}.`
                : 'Time since the request came.'
            }
          >
            Spans
          </Header>
        }
      >
        <SpaceBetween size="s">
          <SpanFilters
            find={state.find}
            show={state.show}
            levels={state.levels}
            deepest={index.deepest}
            countText={matches ? plural(matches.length, 'match', 'matches') : ''}
            onChange={(changes) => {
              if (changes.levels !== undefined) setTurned(new Set());
              change(changes);
            }}
          />
          <Legend services={trace.services} colors={colors} />
          {rows.length === 0 ? (
            <NoMatch what="spans" onClear={() => change({ find: '', show: 'all' })} />
          ) : (
            <Waterfall
              index={index}
              rows={rows}
              folding={folding}
              found={found}
              colors={colors}
              zoom={zoom}
              selected={state.span}
              onZoom={(next) => change({ zoom: next })}
              onFold={(id) => setTurned((before) => turnedOver(before, id))}
              onSelect={(id) => change({ span: id })}
            />
          )}
        </SpaceBetween>
      </Container>
      {selected ? (
        <SpanDetails
          span={selected}
          traceStart={trace.start}
          onZoom={() => change({ zoom: zoomTo(selected, whole) })}
          onClose={() => change({ span: '' })}
        />
      ) : null}
    </div>
  );
}

function turnedOver(before: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(before);
  if (!next.delete(id)) next.add(id);
  return next;
}

/** The span with a little of what was before and after it. */
function zoomTo(
  { start, duration = 0 }: { start: number; duration?: number },
  whole: Zoom,
): Zoom | undefined {
  const edge = Math.max(duration * 0.1, 0.5);
  const from = Math.max(whole.from, Math.floor((start - edge) * 100) / 100);
  const to = Math.min(whole.to, Math.ceil((start + duration + edge) * 100) / 100);
  return from < to ? { from, to } : undefined;
}

function SpanFilters(props: {
  find: string;
  show: keyof typeof spanKinds;
  levels: number;
  deepest: number;
  countText: string;
  onChange: (changes: { find?: string; show?: keyof typeof spanKinds; levels?: number }) => void;
}) {
  const { find, show, levels, deepest, countText, onChange } = props;
  const [typed, setTyped] = useState(find);
  useEffect(() => setTyped(find), [find]);
  const choices = [0, 1, 2, 3, 5, 10].filter((each) => each === 0 || each <= deepest);
  const levelText = (each: number) => (each === 0 ? 'All levels' : plural(each, 'level'));
  return (
    <SpaceBetween direction="horizontal" size="xs" alignItems="end">
      <TextFilter
        filteringText={typed}
        filteringPlaceholder="Find spans"
        filteringAriaLabel="Find spans by name, service, resource, annotation or error"
        countText={countText}
        onChange={({ detail }) => setTyped(detail.filteringText)}
        onDelayedChange={({ detail }) => onChange({ find: detail.filteringText })}
      />
      <FormField label="Show">
        <Select
          selectedOption={{ value: show, label: spanKinds[show] }}
          options={spanKindNames.map((value) => ({ value, label: spanKinds[value] }))}
          onChange={({ detail }) => {
            const chosen = spanKindNames.find((name) => name === detail.selectedOption.value);
            if (chosen) onChange({ show: chosen });
          }}
        />
      </FormField>
      <FormField label="Unfolded">
        <Select
          selectedOption={{ value: String(levels), label: levelText(levels) }}
          options={choices.map((each) => ({ value: String(each), label: levelText(each) }))}
          onChange={({ detail }) => onChange({ levels: Number(detail.selectedOption.value) })}
        />
      </FormField>
    </SpaceBetween>
  );
}

function Legend({
  services,
  colors,
}: {
  services: TraceAnswer['services'];
  colors: ReadonlyMap<string, string>;
}) {
  const rest = services.length - distinctColors;
  return (
    <ul className="skafu-span-legend" aria-label="Legend">
      {services.slice(0, distinctColors).map(({ name, spans }) => (
        <li key={name}>
          <span className="skafu-span-mark" style={{ background: colors.get(name) }} />
          {name} ({spans})
        </li>
      ))}
      {rest > 0 ? (
        <li>
          <Box color="text-body-secondary">{plural(rest, 'more service')}, whose colors repeat</Box>
        </li>
      ) : null}
      <li>
        <span className="skafu-span-bar critical" /> Critical path
      </li>
    </ul>
  );
}
