import { Suspense, use } from 'react';
import { useIdentity } from '#shared/frontend/identity.ts';
import type { Companion } from '#shared/frontend/manifest.ts';
import { mayAct } from '#shared/frontend/roles.ts';
import { domains } from '../domains.ts';
import { CatchFailure } from './catch-failure.tsx';
import { forget, loadOnce } from './load-once.ts';

/** Runs what the domains want to run on every page. */
export function Companions() {
  const { roles } = useIdentity();
  const companions = domains
    .flatMap((domain) => domain.companions ?? [])
    .filter((each) => mayAct(roles, each.roles));
  return companions.map((companion) => (
    <CatchFailure key={companion.id} what="the background" onRetry={() => forget(companion.load)}>
      <Suspense fallback={null}>
        <Running companion={companion} />
      </Suspense>
    </CatchFailure>
  ));
}

function Running({ companion }: { companion: Companion }) {
  const { default: Content } = use(loadOnce(companion.load));
  return <Content />;
}
