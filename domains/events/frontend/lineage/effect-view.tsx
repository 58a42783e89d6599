import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useMemo } from 'react';
import { plural } from '#shared/frontend/format.ts';
import { JsonText } from '../parts/json-text.tsx';
import { changesIn, differenceOf } from '../parts/value-tree.ts';
import { ValueView } from '../parts/value-view.tsx';
import type { Effect } from '../types.ts';

/** What an event did to the row of one read model, and how far that model has come. */
export function EffectView({ effect, version }: { effect: Effect; version: number }) {
  const difference = useMemo(() => differenceOf(effect.before, effect.after), [effect.before, effect.after]);
  const changes = changesIn(difference);
  return (
    <ExpandableSection
      headerText={effect.model}
      headerDescription={whatItDid(effect, changes)}
      headerActions={<Lag effect={effect} version={version} />}
    >
      <SpaceBetween size="s">
        <Box color="text-body-secondary">
          Row {effect.key}.
          {effect.joined
            ? ' Before and after are folded from this stream alone; other streams may add to the row.'
            : ''}
        </Box>
        {effect.error === undefined ? null : (
          <Alert type="error" header="The projection refuses the event">
            {effect.error}
          </Alert>
        )}
        {effect.before === undefined && effect.after === undefined ? null : (
          <ValueView node={difference} label={`What the event did to the row of ${effect.model}`} />
        )}
        {effect.now === undefined ? (
          <Box>There is no such row now.</Box>
        ) : (
          <JsonText value={effect.now} title="Row as it stands now" />
        )}
      </SpaceBetween>
    </ExpandableSection>
  );
}

function whatItDid({ before, after, error }: Effect, changes: number): string {
  if (error !== undefined) return 'Refused the event';
  if (before === undefined && after === undefined) return 'Has no row for it';
  if (before === undefined) return 'Made the row';
  if (after === undefined) return 'Removed the row';
  return changes === 0 ? 'Left the row as it was' : `Changed the row: ${plural(changes, 'change')}`;
}

function Lag({ effect, version }: { effect: Effect; version: number }) {
  if (effect.version >= version)
    return <StatusIndicator type="success">{`Applied, now at version ${effect.version}`}</StatusIndicator>;
  return (
    <StatusIndicator type="in-progress">
      {`${plural(version - effect.version, 'event')} behind, at version ${effect.version}`}
    </StatusIndicator>
  );
}
