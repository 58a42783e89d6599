import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useCallback, useMemo } from 'react';
import { plural } from '#shared/frontend/format.ts';
import { Failed, Loading } from '#shared/frontend/page-states.tsx';
import { Timestamp } from '#shared/frontend/timestamp.tsx';
import { useUrlState } from '#shared/frontend/url-state.ts';
import { Actor } from '../actor.tsx';
import { useStreamStateQuery } from '../api.ts';
import { JsonText } from '../parts/json-text.tsx';
import { changesIn, differenceOf, onlyChanges } from '../parts/value-tree.ts';
import { ValueView } from '../parts/value-view.tsx';
import type { Stream, StreamState } from '../types.ts';
import { streamKeys } from './stream-keys.ts';
import { VersionSlider } from './version-slider.tsx';

/** What the stream was after one of its events, with what that event made different. */
export function StateAtVersion({ stream }: { stream: Stream }) {
  const [{ version: chosen, show }, change] = useUrlState(streamKeys);
  const version = chosen === 0 ? stream.version : Math.min(chosen, stream.version);
  const { type, id } = stream;
  const query = useStreamStateQuery({ type, id, version });
  const choose = useCallback(
    (next: number) => change({ version: next === stream.version ? 0 : next }, { replace: true }),
    [change, stream.version],
  );
  // While the next version is on its way, the one before stays: the page does not jump under the slider.
  const shown = query.currentData ?? (query.error ? undefined : query.data);
  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            <SegmentedControl
              label="What to show of the state"
              selectedId={show}
              options={[
                { id: 'everything', text: 'Everything' },
                { id: 'changes', text: 'Only changes' },
              ]}
              onChange={({ detail }) =>
                change({ show: detail.selectedId === 'changes' ? 'changes' : 'everything' })
              }
            />
          }
        >
          State at a version
        </Header>
      }
    >
      <SpaceBetween size="m">
        <VersionSlider version={version} newest={stream.version} onChange={choose} />
        {shown ? (
          <State shown={shown} only={show === 'changes'} onFind={() => change({ from: shown.version })} />
        ) : query.error ? (
          <Failed what="the state" error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <Loading what="the state" />
        )}
      </SpaceBetween>
    </Container>
  );
}

function State(props: { shown: StreamState; only: boolean; onFind: () => void }) {
  const { shown, only, onFind } = props;
  const { version, event, before, state } = shown;
  const difference = useMemo(() => differenceOf(before, state), [before, state]);
  const count = changesIn(difference);
  const node = only ? onlyChanges(difference) : difference;
  return (
    <SpaceBetween size="s">
      <div aria-live="polite">
        <b>{event.type}</b> made version {version}
        {count === 0 ? ' and changed nothing that decisions see' : `: ${plural(count, 'change')}`}.{' '}
        <Box variant="span" color="text-body-secondary">
          <Timestamp value={event.time} />, <Actor actor={event.actor} />
        </Box>{' '}
        <Button variant="inline-link" onClick={onFind}>
          Show it among the events
        </Button>
      </div>
      {node ? <ValueView node={node} label={`State at version ${version}`} /> : null}
      <JsonText value={state} title="State as JSON" />
    </SpaceBetween>
  );
}
