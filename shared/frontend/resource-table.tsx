import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import CollectionPreferences from '@cloudscape-design/components/collection-preferences';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import type { ReactNode } from 'react';
import { useMemo } from 'react';
import { plural } from './format.ts';
import { Failed } from './page-states.tsx';
import { pageSizes, type TablePages, useTablePages } from './table-pages.ts';
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
  /** Tells lists apart that this table shows one after the other, such as those of each category. */
  listName?: string;
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
    listName = '',
    rowId,
    actions,
    filter,
    empty,
  } = props;
  const preferences = useTablePreferences(id, columns);
  const ordered = useMemo(() => preferences.order(list.items ?? []), [preferences.order, list.items]);
  const pages = useTablePages(ordered, preferences.value.pageSize, listName);
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
        items={pages.rows}
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
        renderAriaLive={({ totalItemsCount }) =>
          `${plural(totalItemsCount ?? pages.rows.length, one, many)} shown`
        }
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
        pagination={pages.count > 1 ? <Pages many={many} list={list} pages={pages} /> : undefined}
        footer={
          list.hasMore && pages.page === pages.count ? (
            <More many={many} list={list} onMore={() => askForMore(list, pages)} />
          ) : undefined
        }
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

/** Shows what comes: the rest of this page, or the next one where this is full. */
function askForMore<Item>(list: ListState<Item>, { page, isFull, go }: TablePages<Item>): void {
  if (isFull) go(page + 1);
  list.more();
}

function Pages<Item>(props: { many: string; list: ListState<Item>; pages: TablePages<Item> }) {
  const { many, list, pages } = props;
  return (
    <Pagination
      currentPageIndex={pages.page}
      pagesCount={pages.count}
      openEnd={list.hasMore}
      disabled={list.isFetchingMore}
      onChange={({ detail }) => pages.go(detail.currentPageIndex)}
      onNextPageClick={({ detail }) => {
        if (!detail.requestedPageAvailable) askForMore(list, pages);
      }}
      ariaLabels={{
        paginationLabel: `Pages of ${many}`,
        previousPageLabel: 'Previous page',
        nextPageLabel: 'Next page',
        pageLabel: (page) => `Page ${page}`,
      }}
    />
  );
}

function More<Item>(props: { many: string; list: ListState<Item>; onMore: () => void }) {
  const { many, list, onMore } = props;
  return (
    <Box textAlign="center">
      <Button onClick={onMore} loading={list.isFetchingMore}>
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
        pageSize: preferences.value.pageSize,
      }}
      pageSizePreference={{
        title: 'Rows on a page',
        options: pageSizes.map((size) => ({ value: size, label: `${size} rows` })),
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
          pageSize: detail.pageSize ?? pageSizes[1],
          columns: (detail.contentDisplay ?? []).map(({ id, visible }) => ({ id, visible })),
        })
      }
    />
  );
}
