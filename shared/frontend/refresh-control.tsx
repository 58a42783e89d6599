import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import { refreshIntervals, type useClock } from './refresh.ts';
import { formatLength } from './time.ts';

/** Refreshes now, or by itself at an interval that the address keeps. */
export function RefreshControl({ clock, loading }: { clock: ReturnType<typeof useClock>; loading: boolean }) {
  const label = clock.seconds === 0 ? 'Auto refresh: off' : `Auto refresh: ${formatLength(clock.seconds)}`;
  return (
    <ButtonDropdown
      mainAction={{ text: 'Refresh', iconName: 'refresh', loading, onClick: clock.refresh }}
      ariaLabel={label}
      expandToViewport
      items={refreshIntervals.map((seconds) => ({
        id: String(seconds),
        text: seconds === 0 ? 'Auto refresh off' : `Every ${formatLength(seconds)}`,
        itemType: 'checkbox',
        checked: seconds === clock.seconds,
      }))}
      onItemClick={({ detail }) => clock.every(Number(detail.id))}
    />
  );
}
