import TextFilter from '@cloudscape-design/components/text-filter';
import { useEffect, useState } from 'react';

/** A search by how something begins. Waits for a pause in typing, so that AWS is not asked at every letter. */
export function PrefixFilter(props: {
  prefix: string;
  placeholder: string;
  ariaLabel: string;
  onChange: (prefix: string) => void;
}) {
  const { prefix, placeholder, ariaLabel, onChange } = props;
  const [typed, setTyped] = useState(prefix);
  useEffect(() => setTyped(prefix), [prefix]);
  return (
    <TextFilter
      filteringText={typed}
      filteringPlaceholder={placeholder}
      filteringAriaLabel={ariaLabel}
      onChange={({ detail }) => setTyped(detail.filteringText)}
      onDelayedChange={({ detail }) => onChange(detail.filteringText.trim())}
    />
  );
}
