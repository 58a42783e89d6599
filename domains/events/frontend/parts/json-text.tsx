import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import ExpandableSection from '@cloudscape-design/components/expandable-section';

/** A value as JSON, folded away until it is wanted, with a button that copies it. */
export function JsonText({ value, title = 'As JSON' }: { value: unknown; title?: string }) {
  const text = JSON.stringify(value, undefined, 2) ?? '';
  return (
    <ExpandableSection headerText={title}>
      <CopyToClipboard
        copyButtonText="Copy JSON"
        textToCopy={text}
        copySuccessText="Copied"
        copyErrorText="The browser did not allow copying"
      />
      <pre style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{text}</pre>
    </ExpandableSection>
  );
}
