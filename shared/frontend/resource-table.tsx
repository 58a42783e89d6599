import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import CollectionPreferences from '@cloudscape-design/components/collection-preferences';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import type { ReactNode } from 'react';
import { useMemo } from 'react';
import { plural } from './format.ts';
import { Failed } from './page-states.tsx';
import { useTablePreferences } from './table-preferences.ts';

/** One column as data. The first column names the row and cannot be hidden. */
export interface Column<Item> {
  id: string;
  header: string;
  cell: (item: Item) => ReactNode;
  /** What to order by; columns without it cannot be sorted. */
  sort?: (item: Item) => string | number;
  hiddenAtFirst?: boolean;
  width?: number;
}

/** The state of an endless list, as RTK Query's infinite queries give it. */
export interface ListState<Item> {
  items: readonly Item[] | undefined;
  isFetching: boolean;
  isFetchingMore: boolean;
  error: unknown;
  hasMore: boolean;
  more: () => void;
  retry: () => void;
}

/** A list of the API as a full table: counter, filter, actions, preferences, and every state a list can be in. */
export function ResourceTable<Item>(props: {
  id: string;
  title: string;
  /** Singular and plural of what the rows are. */
  one: string;
  many: string;
  description?: ReactNode;
  headingLevel?: 'h1' | 'h2' | 'h3';
  /** A plain table has no preferences: for panels with few columns. */
  plain?: boolean;
  columns: readonly Column<Item>[];
  list: ListState<Item>;
  rowId: (item: Item) => string;
  actions?: ReactNode;
  filter?: ReactNode;
  /** Shown when the list has no rows: nothing yet, or no match. */
  empty: ReactNode;
}) {
  const {
    id,
    title,
    one,
    many,
    description,
    headingLevel = 'h1',
    plain = false,
    columns,
    list,
    rowId,
    actions,
    filter,
    empty,
  } = props;
  const preferences = useTablePreferences(id, columns);
  const rows = useMemo(() => preferences.order(list.items ?? []), [preferences.order, list.items]);
  if (list.error && !list.items) {
    return (
      <SpaceBetween size="m">
        <Header variant={headingLevel}>{title}</Header>
        <Failed what={many} error={list.error} onRetry={list.retry} />
      </SpaceBetween>
    );
  }
  return (
    <SpaceBetween size="s">
      {list.error ? <Failed what={`newer ${many}`} error={list.error} onRetry={list.retry} /> : null}
      <Table
        items={rows}
        trackBy={rowId}
        loading={!list.items}
        loadingText={`Loading ${many}…`}
        variant={headingLevel === 'h1' ? 'full-page' : 'container'}
        stickyHeader={headingLevel === 'h1'}
        wrapLines={preferences.value.wrapLines}
        stripedRows={preferences.value.stripedRows}
        contentDensity={preferences.value.density}
        columnDisplay={preferences.value.columns}
        columnDefinitions={columns.map((column, index) => definitionOf(column, index))}
        sortingColumn={preferences.sortingColumn}
        sortingDescending={preferences.value.descending}
        onSortingChange={({ detail }) =>
          preferences.sort(detail.sortingColumn.sortingField, detail.isDescending)
        }
        empty={empty}
        filter={filter}
        ariaLabels={{ tableLabel: title }}
        renderAriaLive={({ totalItemsCount }) => `${plural(totalItemsCount ?? rows.length, one, many)} shown`}
        header={
          <Header
            variant={headingLevel}
            counter={list.items ? `(${list.items.length}${list.hasMore ? '+' : ''})` : ''}
            description={description}
            actions={actions}
          >
            {title}
          </Header>
        }
        preferences={
          plain ? undefined : <Preferences title={title} columns={columns} preferences={preferences} />
        }
        footer={list.hasMore ? <More many={many} list={list} /> : undefined}
      />
    </SpaceBetween>
  );
}

function definitionOf<Item>(column: Column<Item>, index: number): TableProps.ColumnDefinition<Item> {
  return {
    id: column.id,
    header: column.header,
    cell: column.cell,
    isRowHeader: index === 0,
    ...(column.sort ? { sortingField: column.id } : {}),
    ...(column.width ? { minWidth: column.width } : {}),
  };
}

function More<Item>({ many, list }: { many: string; list: ListState<Item> }) {
  return (
    <Box textAlign="center">
      <Button onClick={list.more} loading={list.isFetchingMore}>
        Load more {many}
      </Button>
    </Box>
  );
}

function Preferences<Item>(props: {
  title: string;
  columns: readonly Column<Item>[];
  preferences: ReturnType<typeof useTablePreferences<Item>>;
}) {
  const { columns, preferences } = props;
  return (
    <CollectionPreferences
      title={`Preferences of ${props.title.toLowerCase()}`}
      confirmLabel="Confirm"
      cancelLabel="Cancel"
      preferences={{
        wrapLines: preferences.value.wrapLines,
        stripedRows: preferences.value.stripedRows,
        contentDensity: preferences.value.density,
        contentDisplay: preferences.value.columns,
      }}
      wrapLinesPreference={{ label: 'Wrap lines', description: 'Show the whole text of every cell' }}
      stripedRowsPreference={{ label: 'Striped rows', description: 'Shade every other row' }}
      contentDensityPreference={{ label: 'Compact', description: 'Show more rows in the same space' }}
      contentDisplayPreference={{
        title: 'Columns',
        options: columns.map((column, index) => ({
          id: column.id,
          label: column.header,
          alwaysVisible: index === 0,
        })),
      }}
      onConfirm={({ detail }) =>
        preferences.change({
          wrapLines: detail.wrapLines ?? false,
          stripedRows: detail.stripedRows ?? false,
          density: detail.contentDensity ?? 'comfortable',
          columns: (detail.contentDisplay ?? []).map(({ id, visible }) => ({ id, visible })),
        })
      }
    />
  );
}
