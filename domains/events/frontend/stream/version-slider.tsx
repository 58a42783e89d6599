import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Slider from '@cloudscape-design/components/slider';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useEffect, useState } from 'react';
import { formatValue } from '#shared/frontend/format.ts';

/** How long the slider rests before the version is asked for, in milliseconds. */
const rest = 150;

/** Chooses a version: by dragging, by keyboard, or one step at a time. */
export function VersionSlider(props: {
  version: number;
  newest: number;
  onChange: (version: number) => void;
}) {
  const { version, newest, onChange } = props;
  const [held, setHeld] = useState(version);
  useEffect(() => setHeld(version), [version]);
  useEffect(() => {
    if (held === version) return;
    const timer = setTimeout(() => onChange(held), rest);
    return () => clearTimeout(timer);
  }, [held, version, onChange]);
  const words = (value: number) => `Version ${formatValue(value, 'count')}`;
  return (
    <SpaceBetween size="xs">
      {newest > 1 ? (
        <FormField label={`${words(held)} of ${formatValue(newest, 'count')}`} stretch>
          <Slider
            value={held}
            min={1}
            max={newest}
            valueFormatter={words}
            ariaLabel="Version of the stream"
            onChange={({ detail }) => setHeld(detail.value)}
          />
        </FormField>
      ) : null}
      <SpaceBetween direction="horizontal" size="xs">
        <Button iconName="angle-left" disabled={held <= 1} onClick={() => setHeld(held - 1)}>
          Previous version
        </Button>
        <Button
          iconName="angle-right"
          iconAlign="right"
          disabled={held >= newest}
          onClick={() => setHeld(held + 1)}
        >
          Next version
        </Button>
      </SpaceBetween>
    </SpaceBetween>
  );
}
