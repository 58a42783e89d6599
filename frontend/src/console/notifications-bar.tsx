import Button from '@cloudscape-design/components/button';
import Flashbar from '@cloudscape-design/components/flashbar';
import { useDispatch, useSelector } from 'react-redux';
import { useFollow } from '#shared/frontend/links.tsx';
import { dismissed } from '#shared/frontend/notifications.ts';
import type { ConsoleState } from './store.ts';

/** The results of commands and the news, newest first. */
export function NotificationsBar() {
  const shown = useSelector((state: ConsoleState) => state.notifications);
  const dispatch = useDispatch();
  const follow = useFollow();
  return (
    <Flashbar
      stackItems
      items={shown.map(({ id, type, header, content, link }) => ({
        id,
        type,
        header,
        content,
        ariaRole: type === 'success' || type === 'info' ? 'status' : 'alert',
        dismissible: true,
        dismissLabel: `Dismiss: ${header}`,
        onDismiss: () => dispatch(dismissed(id)),
        ...(link
          ? {
              action: (
                <Button href={link.href} onFollow={follow}>
                  {link.text}
                </Button>
              ),
            }
          : {}),
      }))}
    />
  );
}
