import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { PageButton } from '#shared/frontend/links.tsx';
import { Empty, Failed, Loading } from '#shared/frontend/page-states.tsx';
import { useEffectsQuery, useStreamEventQuery } from '../api.ts';
import { EventDetails } from '../parts/event-details.tsx';
import { paths } from '../paths.ts';
import type { LineageEvent } from '../types.ts';
import { EffectView } from './effect-view.tsx';

/** The event that a person chose: what it says, and what it did to every read model. */
export function ChosenEvent({ event }: { event: LineageEvent }) {
  const { stream, version, type } = event;
  return (
    <SpaceBetween size="l">
      <Container
        header={
          <Header
            variant="h2"
            description={`Version ${version} of ${stream.type} ${stream.id}`}
            actions={
              <PageButton to={paths.stream(stream.type, stream.id, version)}>
                State at this version
              </PageButton>
            }
          >
            {type}
          </Header>
        }
      >
        <Details event={event} />
      </Container>
      <Container
        header={
          <Header
            variant="h2"
            description="The row before and after this event, as its projection makes them, and as it stands now."
          >
            Read models
          </Header>
        }
      >
        <Effects event={event} />
      </Container>
    </SpaceBetween>
  );
}

function Details({ event: { stream, version } }: { event: LineageEvent }) {
  const query = useStreamEventQuery({ ...stream, version });
  if (query.currentData) return <EventDetails event={query.currentData} />;
  return query.error ? (
    <Failed what="the event" error={query.error} onRetry={() => void query.refetch()} />
  ) : (
    <Loading what="the event" />
  );
}

function Effects({ event: { stream, version } }: { event: LineageEvent }) {
  const query = useEffectsQuery({ ...stream, version });
  const effects = query.currentData?.items;
  if (!effects) {
    return query.error ? (
      <Failed what="the read models" error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <Loading what="the read models" />
    );
  }
  if (effects.length === 0) return <Empty title="No read model follows this stream" />;
  return (
    <SpaceBetween size="xs">
      {effects.map((effect) => (
        <EffectView key={effect.model} effect={effect} version={version} />
      ))}
    </SpaceBetween>
  );
}
