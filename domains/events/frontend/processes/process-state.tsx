import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import { Timestamp } from '#shared/frontend/timestamp.tsx';
import type { Process, ProcessStatus, Step } from './types.ts';

const words: Record<ProcessStatus, { type: StatusIndicatorProps.Type; text: string }> = {
  running: { type: 'in-progress', text: 'Running' },
  compensating: { type: 'in-progress', text: 'Being undone' },
  completed: { type: 'success', text: 'Completed' },
  compensated: { type: 'stopped', text: 'Undone' },
  failed: { type: 'error', text: 'Failed' },
};

/** How a process stands, in a word. One that waits is not busy, and one whose step failed says so. */
export function ProcessState({ process }: { process: Process }) {
  const { status, waitingFor, step, reason } = process;
  if (status === 'running' && waitingFor) return <StatusIndicator type="pending">Waiting</StatusIndicator>;
  if (step && reason) return <StatusIndicator type="warning">Attempt {step.attempt} failed</StatusIndicator>;
  const { type, text } = words[status];
  return <StatusIndicator type={type}>{text}</StatusIndicator>;
}

/** What it waits for or is at, and why where something went wrong or has ended. */
export function ProcessDetail({ process: { waitingFor, step, reason } }: { process: Process }) {
  if (waitingFor) return <>It waits for {waitingFor}.</>;
  if (step) return <>{reason ? `${stepText(step)}: ${reason}` : `${stepText(step)} is being done.`}</>;
  return <>{reason ?? 'It is about to go on.'}</>;
}

/** When it looks again by itself. */
export function ProcessUntil({ process: { until } }: { process: Process }) {
  return until ? <Timestamp value={until} /> : <>–</>;
}

/** `tellChannel` on one thing of several as people read it: `Tell channel`. */
export function stepText({ step }: Step): string {
  const spaced = step.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

/** `alert-escalation-process` as people read it: `Alert escalation`. */
export function processText(type: string): string {
  const spaced = type.replace(/-process$/, '').replaceAll('-', ' ');
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}
