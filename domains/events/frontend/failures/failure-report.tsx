import { useEffect } from 'react';
import { useReportFailureMutation } from './failure-api.ts';

/** A console that fails in a loop tells each failure once, and not without end. */
const mostReports = 20;

/** Tells the platform what fails in this browser: what the console caught, and what nobody did. */
export default function FailureReport() {
  const [report] = useReportFailureMutation();
  useEffect(() => {
    const told = new Set<string>();
    const tell = (reason: unknown): void => {
      const error = reason instanceof Error ? reason : new Error(String(reason));
      const key = `${error.name}: ${error.message}`;
      if (told.has(key) || told.size >= mostReports || isNobodysFault(error)) return;
      told.add(key);
      void report({
        name: error.name.slice(0, 200),
        message: error.message.slice(0, 1_000),
        stack: error.stack?.slice(0, 8_000),
        page: location.pathname.slice(0, 500),
      });
    };
    const onCaught = (event: Event) => tell((event as CustomEvent<unknown>).detail);
    const onError = (event: ErrorEvent) => {
      // Without an error it is about a script of somebody else, or a picture.
      if (event.error) tell(event.error);
    };
    const onRejection = (event: PromiseRejectionEvent) => tell(event.reason);
    addEventListener('skafu-failure', onCaught);
    addEventListener('error', onError);
    addEventListener('unhandledrejection', onRejection);
    return () => {
      removeEventListener('skafu-failure', onCaught);
      removeEventListener('error', onError);
      removeEventListener('unhandledrejection', onRejection);
    };
  }, [report]);
  return null;
}

/** An open console outlives a deployment, and requests are given up when their page is left. */
function isNobodysFault({ name, message }: Error): boolean {
  return (
    name === 'AbortError' || /dynamically imported module|module script|ResizeObserver loop/i.test(message)
  );
}
