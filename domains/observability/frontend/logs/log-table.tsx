import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMemo } from 'react';
import { download } from '#shared/frontend/csv.ts';
import { formatValue, plural } from '#shared/frontend/format.ts';
import { sortKeys } from '#shared/frontend/table-preferences.ts';
import { useZone } from '#shared/frontend/time-range.ts';
import { useUrlState } from '#shared/frontend/url-state.ts';
import { type VirtualColumn, VirtualTable } from '#shared/frontend/virtual-table.tsx';
import { toCsv, toJson } from './export.ts';
import { LogDetails } from './log-details.tsx';
import { columnsOf, fieldOf, type LogRow, messageJson, rowsOf, shortGroup } from './log-rows.ts';
import { formatMoment } from './log-time.ts';
import type { LogSearch } from './types.ts';

/** Columns that are wider or narrower than others, in pixels; the message takes what is left. */
const widths: Readonly<Record<string, number>> = {
  '@timestamp': 180,
  '@ingestionTime': 180,
  level: 70,
  '@log': 190,
  '@logStream': 190,
};
const usualWidth = 160;
/** Long texts, which share the room. */
const sharing = new Set(['@message', 'message', 'detail']);

const titles: Readonly<Record<string, string>> = {
  '@timestamp': 'Time',
  '@message': 'Message',
  '@log': 'Log group',
  '@logStream': 'Log stream',
  level: 'Level',
};

/** Where a line stands is told in its details; the stream's name alone tells nothing. */
const notColumns = new Set(['@logStream']);

/** What a query found, one row a line or group of lines. */
export function LogTable({ answer }: { answer: LogSearch }) {
  const zone = useZone();
  const [{ sort, order }, changeSort] = useUrlState(sortKeys);
  const rows = useMemo(() => rowsOf(answer), [answer]);
  const columns = useMemo(() => logColumns(columnsOf(answer), zone), [answer, zone]);
  const save = (form: string): void => {
    const name = `logs-${answer.from.slice(0, 19).replaceAll(':', '')}.${form}`;
    if (form === 'csv') download(name, 'text/csv', toCsv(answer));
    else download(name, 'application/json', toJson(answer));
  };
  return (
    <SpaceBetween size="xs">
      <Header
        variant="h2"
        counter={`(${formatValue(rows.length, 'count')})`}
        description={`Times in ${zone}.`}
        actions={
          <ButtonDropdown
            items={[
              { id: 'csv', text: 'Comma-separated values (CSV)' },
              { id: 'json', text: 'JSON' },
            ]}
            onItemClick={({ detail }) => save(detail.id)}
            expandToViewport
          >
            Export {plural(rows.length, 'row')}
          </ButtonDropdown>
        }
      >
        Lines
      </Header>
      <VirtualTable
        label="Log lines"
        columns={columns}
        rows={rows}
        rowKey={(row) => row.index}
        rowName={(row) => `row ${row.index + 1}`}
        details={(row) => <LogDetails row={row} groups={answer.groups} />}
        order={sort === '' ? undefined : { column: sort, descending: order === 'descending' }}
        onOrder={({ column, descending }) =>
          changeSort({ sort: column, order: descending ? 'descending' : 'ascending' })
        }
      />
      {sort === '' ? null : (
        <Button variant="inline-link" onClick={() => changeSort({ sort: '', order: 'ascending' })}>
          Show in the order of the query
        </Button>
      )}
    </SpaceBetween>
  );
}

function logColumns(fields: readonly string[], zone: string): VirtualColumn<LogRow>[] {
  const shown = fields.filter((field) => !notColumns.has(field));
  const some = shown.some((field) => sharing.has(field));
  return shown.map((field, index) => {
    const takesRest = some ? sharing.has(field) : index === shown.length - 1;
    return {
      id: field,
      header: titles[field] ?? field,
      sort: (row) => fieldOf(row, field) ?? '',
      cell: (row) => cellText(field, fieldOf(row, field), zone),
      ...(takesRest ? {} : { width: widths[field] ?? usualWidth }),
    };
  });
}

/** A cell shows one line, of a structured one first what it says; the rest stands in the row's details. */
const longestCell = 400;

function cellText(field: string, value: string | undefined, zone: string): string {
  if (value === undefined) return '–';
  if (field === '@timestamp' || field === '@ingestionTime' || field.startsWith('bin('))
    return formatMoment(value, zone);
  if (field === '@log') return shortGroup(value);
  const line = value.trimStart().slice(0, longestCell).split('\n', 1)[0] ?? '';
  const said = field === '@message' ? messageJson(value)?.['message'] : undefined;
  return typeof said === 'string' ? `${said.slice(0, longestCell)} ${line}` : line;
}
