import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';

/** Shows a signing secret that can never be shown again. Only the button closes it, so that no slip loses it. */
export function SecretOnce({ name, secret, onClose }: { name: string; secret: string; onClose: () => void }) {
  return (
    <Modal
      visible
      header={`Signing secret of “${name}”`}
      onDismiss={({ detail }) => {
        if (detail.reason !== 'overlay') onClose();
      }}
      footer={
        <Box float="right">
          <Button variant="primary" onClick={onClose}>
            I have kept it
          </Button>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <Alert type="warning">
          This is the only time it is shown. Put it where the receiver reads it from; if it is lost, make a
          new one.
        </Alert>
        <CopyToClipboard
          variant="inline"
          textToCopy={secret}
          copyButtonAriaLabel="Copy the signing secret"
          copySuccessText="Copied"
          copyErrorText="Could not copy: select the text instead"
        />
        <span>
          Receivers verify with any library of the Standard Webhooks specification: the headers are{' '}
          <Box variant="code">webhook-id</Box>, <Box variant="code">webhook-timestamp</Box> and{' '}
          <Box variant="code">webhook-signature</Box>.
        </span>
      </SpaceBetween>
    </Modal>
  );
}
