import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { LineageLink } from '#shared/frontend/lineage-link.tsx';
import { PageLink } from '#shared/frontend/links.tsx';
import { Timestamp } from '#shared/frontend/timestamp.tsx';
import { paths } from '../paths.ts';
import { LogContext } from './log-context.tsx';
import { columnsOf, fieldOf, groupName, idsOf, type LogRow, messageJson } from './log-rows.ts';
import type { LinePlace } from './types.ts';
import './log-details.css';

/** Everything that a row holds, and where it leads: its trace, its request, the lines around it. */
export function LogDetails({ row, groups }: { row: LogRow; groups: readonly string[] }) {
  const [isOpen, setIsOpen] = useState(false);
  const message = fieldOf(row, '@message');
  const parsed = messageJson(message);
  const written = parsed ? JSON.stringify(parsed, null, 2) : message;
  const place = placeOf(row, groups);
  const at = fieldOf(row, '@timestamp') ?? '';
  const others = columnsOf(row).filter((field) => field !== '@message');
  return (
    <SpaceBetween size="s">
      <Links row={row} at={at} />
      <KeyValuePairs
        columns={3}
        items={others.map((field) => ({ label: field, value: <Value field={field} row={row} /> }))}
      />
      {written === undefined ? null : (
        <div>
          <Box variant="awsui-key-label">@message</Box>
          <pre className="skafu-log-message">{written}</pre>
        </div>
      )}
      <SpaceBetween direction="horizontal" size="xs">
        <CopyToClipboard
          copyButtonText="Copy the row"
          textToCopy={
            written ?? JSON.stringify(Object.fromEntries(others.map((each) => [each, fieldOf(row, each)])))
          }
          copySuccessText="Copied"
          copyErrorText="The browser did not allow copying"
        />
        <Button
          onClick={() => setIsOpen(!isOpen)}
          ariaExpanded={isOpen}
          disabled={!place}
          disabledReason="Add @timestamp, @log and @logStream to the fields of the query: they say where the line stands."
        >
          Lines around this one
        </Button>
      </SpaceBetween>
      {isOpen && place ? <LogContext place={place} message={message} /> : null}
    </SpaceBetween>
  );
}

function Links({ row, at }: { row: LogRow; at: string }) {
  const { trace, correlation } = idsOf(row);
  if (!trace && !correlation) return null;
  const time = at || new Date().toISOString();
  return (
    <SpaceBetween direction="horizontal" size="m">
      {trace ? <PageLink to={paths.trace(trace)}>Open trace</PageLink> : null}
      {trace ? <PageLink to={paths.logsOfRequest(trace, time)}>All lines of this trace</PageLink> : null}
      {correlation ? (
        <PageLink to={paths.logsOfRequest(correlation, time)}>All lines of this request</PageLink>
      ) : null}
      {correlation ? (
        <PageLink to={paths.tracesOfRequest(correlation, time)}>Traces of this request</PageLink>
      ) : null}
      {correlation ? <LineageLink correlationId={correlation} words="Lineage of this request" /> : null}
    </SpaceBetween>
  );
}

function Value({ field, row }: { field: string; row: LogRow }) {
  const value = fieldOf(row, field);
  if (value === undefined) return '–';
  if (field === '@timestamp' || field === '@ingestionTime') return <Timestamp value={value} />;
  return <span className="skafu-log-value">{field === '@log' ? groupName(value) : value}</span>;
}

/** Where the line stands, if the row says so; of a single searched group it need not say. */
function placeOf(row: LogRow, groups: readonly string[]): LinePlace | undefined {
  const log = fieldOf(row, '@log');
  const group = log ? groupName(log) : groups.length === 1 ? groups[0] : undefined;
  const stream = fieldOf(row, '@logStream');
  const at = fieldOf(row, '@timestamp');
  return group && stream && at ? { group, stream, at } : undefined;
}
