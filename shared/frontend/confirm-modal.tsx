import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';
import { describe, isProblem } from './problem.ts';

/** Asks before something happens, shows that it is happening, and why it was refused. */
export function ConfirmModal(props: {
  title: string;
  children: ReactNode;
  confirm: string;
  cancel?: string;
  busy?: boolean;
  error?: unknown;
  onConfirm: () => void;
  onCancel: () => void;
}) {
  const { title, children, confirm, cancel = 'Cancel', busy = false, error, onConfirm, onCancel } = props;
  return (
    <Modal
      visible
      header={title}
      onDismiss={onCancel}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onCancel}>
              {cancel}
            </Button>
            <Button variant="primary" loading={busy} onClick={onConfirm}>
              {confirm}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <div>{children}</div>
        {error ? (
          <Alert type="error">{isProblem(error) ? describe(error) : 'The console failed. Try again.'}</Alert>
        ) : null}
      </SpaceBetween>
    </Modal>
  );
}
