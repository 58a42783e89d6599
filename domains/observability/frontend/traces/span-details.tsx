import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs, { type KeyValuePairsProps } from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { KeyboardEvent } from 'react';
import { LineageLink } from '#shared/frontend/lineage-link.tsx';
import { PageLink } from '#shared/frontend/links.tsx';
import { Timestamp } from '#shared/frontend/timestamp.tsx';
import { paths } from '../paths.ts';
import { formatDuration, verdictOf } from './trace-words.ts';
import type { TraceSpan } from './types.ts';

type Items = KeyValuePairsProps.Item[];

/** Everything that the trace says of one span. */
export function SpanDetails(props: {
  span: TraceSpan;
  /** When the trace began. */
  traceStart: string;
  onZoom: () => void;
  onClose: () => void;
}) {
  const { span, traceStart, onZoom, onClose } = props;
  const closeByKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') onClose();
  };
  return (
    <section aria-label="Span details" onKeyDown={closeByKey}>
      <Container
        header={
          <Header
            variant="h2"
            actions={
              <SpaceBetween direction="horizontal" size="xxs">
                <Button onClick={onZoom}>Zoom to span</Button>
                <Button iconName="close" variant="icon" ariaLabel="Close span details" onClick={onClose} />
              </SpaceBetween>
            }
          >
            <span style={{ overflowWrap: 'anywhere' }}>{span.name}</span>
          </Header>
        }
      >
        <SpaceBetween size="m">
          <KeyValuePairs
            columns={2}
            items={[...placeOf(span, traceStart), ...exchangeOf(span), ...callOf(span)]}
          />
          <Annotations span={span} at={startOf(span, traceStart)} />
          <Exceptions span={span} />
          <Metadata span={span} />
        </SpaceBetween>
      </Container>
    </section>
  );
}

function startOf(span: TraceSpan, traceStart: string): string {
  return new Date(Date.parse(traceStart) + span.start).toISOString();
}

function placeOf(span: TraceSpan, traceStart: string): Items {
  const { word, type } = verdictOf({ ...span, inProgress: span.duration === undefined });
  const remarks = [
    span.critical ? 'On the critical path.' : '',
    span.detached ? 'Its parent is not in the trace.' : '',
    span.kind === 'inferred' ? 'Inferred by X-Ray from the call above it.' : '',
  ].filter((remark) => remark !== '');
  return [
    { label: 'Result', value: <StatusIndicator type={type}>{word}</StatusIndicator> },
    { label: 'Service', value: span.service },
    { label: 'Start', value: <Timestamp value={startOf(span, traceStart)} /> },
    { label: 'After', value: formatDuration(span.start) },
    { label: 'Length', value: formatDuration(span.duration) },
    { label: 'Kind', value: [span.kind, span.origin, span.namespace].filter(Boolean).join(', ') },
    ...(remarks.length > 0 ? [{ label: 'Remarks', value: remarks.join(' ') }] : []),
    { label: 'Span id', value: <Copyable text={span.id} what="Span id" /> },
  ];
}

function exchangeOf({ http }: TraceSpan): Items {
  if (!http) return [];
  return [
    ...(http.url
      ? [{ label: 'Request', value: <Wrapped>{`${http.method ?? ''} ${http.url}`}</Wrapped> }]
      : []),
    ...(http.status === undefined ? [] : [{ label: 'HTTP status', value: String(http.status) }]),
    ...(http.clientIp ? [{ label: 'Client address', value: http.clientIp }] : []),
    ...(http.userAgent ? [{ label: 'User agent', value: <Wrapped>{http.userAgent}</Wrapped> }] : []),
  ];
}

function callOf({ aws }: TraceSpan): Items {
  if (!aws) return [];
  return [
    ...(aws.operation ? [{ label: 'AWS operation', value: aws.operation }] : []),
    ...(aws.resource ? [{ label: 'Resource', value: <Wrapped>{aws.resource}</Wrapped> }] : []),
    ...(aws.region ? [{ label: 'Region', value: aws.region }] : []),
    ...(aws.requestId
      ? [{ label: 'AWS request id', value: <Copyable text={aws.requestId} what="AWS request id" /> }]
      : []),
    ...(aws.retries === undefined ? [] : [{ label: 'Retries', value: String(aws.retries) }]),
  ];
}

function Annotations({ span, at }: { span: TraceSpan; at: string }) {
  const entries = Object.entries(span.annotations ?? {});
  if (entries.length === 0) return null;
  return (
    <div>
      <Box variant="h3">Annotations</Box>
      <KeyValuePairs
        columns={1}
        items={entries.map(([label, value]) => ({
          label,
          value:
            label === 'correlationId' ? (
              <SpaceBetween size="xxs">
                <Wrapped>{String(value)}</Wrapped>
                <LineageLink correlationId={String(value)} words="Lineage of this request" />
                <PageLink to={paths.tracesOfRequest(String(value), at)}>Traces of this request</PageLink>
                <PageLink to={paths.logsOfRequest(String(value), at)}>
                  Log lines of this correlation id
                </PageLink>
              </SpaceBetween>
            ) : (
              <Wrapped>{String(value)}</Wrapped>
            ),
        }))}
      />
    </div>
  );
}

function Exceptions({ span: { exceptions } }: { span: TraceSpan }) {
  if (!exceptions || exceptions.length === 0) return null;
  return (
    <div>
      <Box variant="h3">Exceptions</Box>
      {[...exceptions.entries()].map(([place, { type, message, remote, stack }]) => (
        <div key={place}>
          <b>{type ?? 'Error'}</b>
          {remote ? ' (from the service called)' : ''}: <Wrapped>{message ?? 'without a message'}</Wrapped>
          {stack ? <pre className="skafu-span-stack">{stack.join('\n')}</pre> : null}
        </div>
      ))}
    </div>
  );
}

function Metadata({ span: { metadata, metadataCut } }: { span: TraceSpan }) {
  if (metadataCut) return <Box>It has metadata of more than 8 KiB, which is not shown.</Box>;
  if (metadata === undefined) return null;
  return (
    <div>
      <Box variant="h3">Metadata</Box>
      <pre className="skafu-span-stack">{JSON.stringify(metadata, undefined, 2)}</pre>
    </div>
  );
}

function Wrapped({ children }: { children: string }) {
  return <span style={{ overflowWrap: 'anywhere' }}>{children}</span>;
}

/** A text with a button that copies it. */
export function Copyable({ text, what }: { text: string; what: string }) {
  return (
    <CopyToClipboard
      variant="inline"
      textToCopy={text}
      copyButtonAriaLabel={`Copy ${what}`}
      copySuccessText={`${what} copied`}
      copyErrorText={`${what} could not be copied`}
    />
  );
}
