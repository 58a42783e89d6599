import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useEffect } from 'react';
import { browserZone } from './time.ts';
import { type RelativeRange, relativeRangeNames, useTimeRange } from './time-range.ts';

const names: Record<string, string> = { m: 'minute', h: 'hour', d: 'day' };

/** `Last 3 hours`. */
export function rangeText(range: RelativeRange): string {
  const amount = Number.parseInt(range, 10);
  return `Last ${amount} ${names[range.slice(-1)]}${amount === 1 ? '' : 's'}`;
}

/** The relative range, for places where a calendar would be too much. An absolute range in the address is named. */
export function RelativeRangeControl() {
  const [range, change] = useTimeRange();
  const option = (name: RelativeRange) => ({ value: name, label: rangeText(name) });
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Select
        ariaLabel="Time range"
        selectedOption={range.absolute ? { label: 'Fixed range' } : option(range.range)}
        options={relativeRangeNames.map(option)}
        onChange={({ detail }) => {
          const chosen = relativeRangeNames.find((name) => name === detail.selectedOption.value);
          if (chosen) change({ range: chosen, from: '', to: '' });
        }}
        expandToViewport
      />
      <ZoneControl />
    </SpaceBetween>
  );
}

/** Chooses the zone that times are shown in, and keeps it in the address so that a shared view shows the same. */
export function ZoneControl() {
  const [{ zone }, change] = useTimeRange();
  useEffect(() => change({ tz: zone }, { replace: true }), [zone, change]);
  const zones = [...new Set(['UTC', browserZone(), zone])];
  return (
    <Select
      ariaLabel="Time zone"
      selectedOption={{ value: zone, label: zone }}
      options={zones.map((value) => ({ value, label: value }))}
      onChange={({ detail }) => change({ tz: detail.selectedOption.value ?? 'UTC' })}
      expandToViewport
    />
  );
}
