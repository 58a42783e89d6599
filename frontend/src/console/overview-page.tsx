import ContentLayout from '@cloudscape-design/components/content-layout';
import Grid from '@cloudscape-design/components/grid';
import Header from '@cloudscape-design/components/header';
import { Suspense, use } from 'react';
import { useIdentity } from '#shared/frontend/identity.ts';
import type { OverviewPanel } from '#shared/frontend/manifest.ts';
import { Empty, Loading } from '#shared/frontend/page-states.tsx';
import { mayAct } from '#shared/frontend/roles.ts';
import { domains } from '../domains.ts';
import { CatchFailure } from './catch-failure.tsx';
import { forget, loadOnce } from './load-once.ts';

const widths = {
  half: { colspan: { default: 12, l: 6 } },
  full: { colspan: { default: 12 } },
} as const;

/** The first page: what every domain thinks should be seen first. */
export function OverviewPage() {
  const { roles } = useIdentity();
  const panels = domains
    .flatMap((domain) => domain.overview ?? [])
    .filter((panel) => mayAct(roles, panel.roles))
    .sort((left, right) => left.order - right.order);
  return (
    <ContentLayout
      header={
        <Header variant="h1" description="What is wrong now, and how the platform does.">
          Overview
        </Header>
      }
    >
      {panels.length === 0 ? (
        <Empty title="Nothing to see with your roles">
          Ask an administrator of this installation for access.
        </Empty>
      ) : (
        <Grid gridDefinition={panels.map((panel) => widths[panel.width])}>
          {panels.map((panel) => (
            <CatchFailure key={panel.id} what="this panel" onRetry={() => forget(panel.load)}>
              <Suspense fallback={<Loading what="panel" />}>
                <Panel panel={panel} />
              </Suspense>
            </CatchFailure>
          ))}
        </Grid>
      )}
    </ContentLayout>
  );
}

function Panel({ panel }: { panel: OverviewPanel }) {
  const { default: Content } = use(loadOnce(panel.load));
  return <Content />;
}
