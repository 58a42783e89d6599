import Icon from '@cloudscape-design/components/icon';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import {
  colorBackgroundItemSelected,
  colorBorderDividerDefault,
  colorBorderItemSelected,
  colorTextBodySecondary,
} from '@cloudscape-design/design-tokens';
import { type CSSProperties, useMemo } from 'react';
import { formatValue } from '#shared/frontend/format.ts';
import { PageLink } from '#shared/frontend/links.tsx';
import { Actor } from '../actor.tsx';
import { Cause } from '../parts/event-details.tsx';
import { paths } from '../paths.ts';
import type { LineageEvent, LineageStream } from '../types.ts';
import { appliedOf, type CommitNode, type EventNode, eventId, lineageTree } from './lineage-tree.ts';
import './lineage.css';

interface Props {
  events: readonly LineageEvent[];
  streams: readonly LineageStream[];
  chosen: LineageEvent;
  onChoose: (event: LineageEvent) => void;
}

/** Who caused what, as nested lists with lines from each cause to what it caused. */
export function CausationTree({ events, streams, chosen, onChoose }: Props) {
  const roots = useMemo(() => lineageTree(events), [events]);
  const start = Date.parse(events[0]?.time ?? '');
  const shared = { streams, chosen: eventId(chosen), onChoose, start };
  return (
    <section className="skafu-lineage" style={colors} aria-label="Causation tree">
      <ul>
        {roots.map((commit) => (
          <Commit key={commit.key} commit={commit} {...shared} />
        ))}
      </ul>
    </section>
  );
}

interface Shared {
  streams: readonly LineageStream[];
  chosen: string;
  onChoose: (event: LineageEvent) => void;
  /** When the first event was recorded, in epoch milliseconds. */
  start: number;
}

function Commit({ commit, ...shared }: { commit: CommitNode } & Shared) {
  const first = commit.events[0]?.event;
  if (!first) return null;
  return (
    <li>
      <div className="skafu-lineage-cause">
        <Icon name={first.actor.type === 'user' ? 'user-profile' : 'gen-ai'} />{' '}
        <b>{first.actor.type === 'user' ? 'Command' : 'Reaction'}</b> by <Actor actor={first.actor} />
        {commit.isBelowCause ? null : (
          <small>
            {', '}
            <Cause causationId={commit.causationId} />
          </small>
        )}
      </div>
      <ul>
        {commit.events.map((node) => (
          <Event key={eventId(node.event)} node={node} {...shared} />
        ))}
      </ul>
    </li>
  );
}

function Event({ node: { event, reactions }, ...shared }: { node: EventNode } & Shared) {
  const { streams, chosen, onChoose, start } = shared;
  const id = eventId(event);
  const { applied, models } = appliedOf(event, streams);
  return (
    <li>
      <div className="skafu-lineage-event" data-chosen={id === chosen || undefined}>
        <button type="button" aria-pressed={id === chosen} onClick={() => onChoose(event)}>
          {event.type}
        </button>{' '}
        <small>
          after {formatValue(Date.parse(event.time) - start, 'milliseconds')}, version {event.version} of{' '}
          {event.stream.type}{' '}
          <PageLink to={paths.stream(event.stream.type, event.stream.id, event.version)}>
            {event.stream.id}
          </PageLink>
        </small>{' '}
        {models === 0 ? null : (
          <StatusIndicator type={applied === models ? 'success' : 'in-progress'}>
            {`Applied by ${applied} of ${models} read models`}
          </StatusIndicator>
        )}
      </div>
      {reactions.length > 0 ? (
        <ul>
          {reactions.map((reaction) => (
            <Commit key={reaction.key} commit={reaction} {...shared} />
          ))}
        </ul>
      ) : null}
    </li>
  );
}

const colors = {
  '--skafu-lineage-line': colorBorderDividerDefault,
  '--skafu-lineage-quiet': colorTextBodySecondary,
  '--skafu-lineage-chosen': colorBackgroundItemSelected,
  '--skafu-lineage-edge': colorBorderItemSelected,
} as CSSProperties;
