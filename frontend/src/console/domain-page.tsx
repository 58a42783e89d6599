import { Suspense, use, useEffect } from 'react';
import { useLocation, useOutletContext } from 'react-router';
import { useMay } from '#shared/frontend/identity.ts';
import type { Page } from '#shared/frontend/manifest.ts';
import { Forbidden, Loading } from '#shared/frontend/page-states.tsx';
import { CatchFailure } from './catch-failure.tsx';
import { forget, loadOnce } from './load-once.ts';
import type { ShellContext } from './shell.tsx';

/** A page of a domain: loaded when it is first opened, and only for those who may open it. */
export function DomainPage({ page }: { page: Page }) {
  const { pathname } = useLocation();
  const may = useMay(page.roles);
  if (!may) {
    return (
      <Forbidden
        what={`“${page.title}”`}
        detail={`It is for people with the role ${listOf(page.roles)}. Ask an administrator of this installation for access.`}
      />
    );
  }
  return (
    <CatchFailure key={pathname} what="this page" onRetry={() => forget(page.load)}>
      <Suspense fallback={<Loading what={page.title.toLowerCase()} />}>
        <LoadedPage page={page} />
      </Suspense>
    </CatchFailure>
  );
}

function LoadedPage({ page }: { page: Page }) {
  const { default: Content, Help } = use(loadOnce(page.load));
  const { setHelp } = useOutletContext<ShellContext>();
  useEffect(() => {
    setHelp(() => Help);
    return () => setHelp(undefined);
  }, [Help, setHelp]);
  return <Content />;
}

function listOf(roles: readonly string[]): string {
  return new Intl.ListFormat('en', { type: 'disjunction' }).format(roles);
}
