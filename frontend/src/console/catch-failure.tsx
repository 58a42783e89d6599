import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import { Component, type ReactNode } from 'react';

interface Props {
  /** What is inside, for the message: "this page". */
  what: string;
  onRetry?: () => void;
  children: ReactNode;
}

/** Keeps a failure of what is inside from taking the whole console with it. */
export class CatchFailure extends Component<Props, { error: Error | undefined }> {
  override state = { error: undefined };

  static getDerivedStateFromError(error: unknown): { error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  /** Told to whoever listens, so that the console itself needs to know of nobody who reports it. */
  override componentDidCatch(error: unknown): void {
    dispatchEvent(new CustomEvent('skafu-failure', { detail: error }));
  }

  override render(): ReactNode {
    const { what, onRetry, children } = this.props;
    const error: Error | undefined = this.state.error;
    if (!error) return children;
    const retry = (): void => {
      onRetry?.();
      this.setState({ error: undefined });
    };
    return (
      <Alert
        type="error"
        header={`Something failed in ${what}`}
        action={<Button onClick={retry}>Retry</Button>}
      >
        {messageOf(error)}
      </Alert>
    );
  }
}

function messageOf(error: Error): string {
  // After a deployment the files that an open console refers to are gone.
  if (/dynamically imported module|module script/i.test(error.message)) {
    return 'Its code could not be loaded. The console may have been updated: load it again.';
  }
  return error.message;
}
