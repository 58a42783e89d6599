import AppLayoutToolbar from '@cloudscape-design/components/app-layout-toolbar';
import BreadcrumbGroup from '@cloudscape-design/components/breadcrumb-group';
import SideNavigation from '@cloudscape-design/components/side-navigation';
import { type ComponentType, useEffect, useRef, useState } from 'react';
import { Outlet, useLocation } from 'react-router';
import { useIdentity } from '#shared/frontend/identity.ts';
import { useFollow } from '#shared/frontend/links.tsx';
import { carriedSearch } from '#shared/frontend/time-range.ts';
import { Companions } from './companions.tsx';
import { activeHref, breadcrumbs, navigationItems, titleOf } from './navigation.ts';
import { NotificationsBar } from './notifications-bar.tsx';
import { TopBar } from './top-bar.tsx';

/** What the shell offers the page inside it. */
export interface ShellContext {
  setHelp: (update: (() => ComponentType | undefined) | undefined) => void;
}

/** The frame around every page. */
export function Shell() {
  const { pathname, search } = useLocation();
  const { roles } = useIdentity();
  const follow = useFollow();
  const [Help, setHelp] = useState<ComponentType>();
  const [helpOpen, setHelpOpen] = useState(false);
  const carried = carriedSearch(new URLSearchParams(search));
  const content = useFocusOnNewPage(pathname);
  const context: ShellContext = { setHelp };
  return (
    <>
      <a className="skafu-skip" href="#skafu-content">
        Skip to the main content
      </a>
      <div id="skafu-header">
        <TopBar />
      </div>
      <AppLayoutToolbar
        headerSelector="#skafu-header"
        ariaLabels={{
          navigation: 'Main navigation',
          navigationClose: 'Close navigation',
          navigationToggle: 'Open navigation',
          notifications: 'Notifications',
          tools: 'Help',
          toolsClose: 'Close help',
          toolsToggle: 'Open help',
        }}
        navigation={
          <SideNavigation
            header={{ text: 'Console', href: `/${carried}` }}
            activeHref={activeHref(pathname, carried)}
            items={navigationItems(roles, carried)}
            onFollow={follow}
          />
        }
        breadcrumbs={
          <BreadcrumbGroup ariaLabel="Breadcrumbs" items={breadcrumbs(pathname, carried)} onFollow={follow} />
        }
        notifications={<NotificationsBar />}
        stickyNotifications
        tools={Help ? <Help /> : null}
        toolsHide={!Help}
        toolsOpen={helpOpen}
        onToolsChange={({ detail }) => setHelpOpen(detail.open)}
        content={
          <div id="skafu-content" ref={content} tabIndex={-1}>
            <Outlet context={context} />
          </div>
        }
      />
      <Companions />
    </>
  );
}

/** Names the tab after the page, and takes the focus along so that keyboard and screen reader start at its top. */
function useFocusOnNewPage(pathname: string): React.RefObject<HTMLDivElement | null> {
  const content = useRef<HTMLDivElement>(null);
  const shown = useRef(pathname);
  useEffect(() => {
    document.title = titleOf(pathname);
    if (shown.current === pathname) return;
    shown.current = pathname;
    content.current?.focus();
  }, [pathname]);
  return content;
}
