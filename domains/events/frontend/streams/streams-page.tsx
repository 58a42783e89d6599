import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Grid from '@cloudscape-design/components/grid';
import HelpPanel from '@cloudscape-design/components/help-panel';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import { useEffect, useState } from 'react';
import { PageLink } from '#shared/frontend/links.tsx';
import { listStateOf } from '#shared/frontend/list-state.ts';
import { Empty, Failed, Loading, NoMatch } from '#shared/frontend/page-states.tsx';
import { type Column, ResourceTable } from '#shared/frontend/resource-table.tsx';
import { Timestamp } from '#shared/frontend/timestamp.tsx';
import { text, useUrlState } from '#shared/frontend/url-state.ts';
import { Actor } from '../actor.tsx';
import { useCategoriesQuery, useStreamsInfiniteQuery } from '../api.ts';
import { paths } from '../paths.ts';
import type { Category, StreamItem } from '../types.ts';
import { categoryText } from '../words.ts';

const keys = { type: text(), search: text() } as const;

const columns: Column<StreamItem>[] = [
  {
    id: 'id',
    header: 'Stream',
    width: 330,
    cell: ({ type, id }) => (
      <PageLink to={paths.stream(type, id)} variant="primary">
        {id}
      </PageLink>
    ),
  },
  { id: 'version', header: 'Version', width: 90, sort: ({ version }) => version, cell: (row) => row.version },
  {
    id: 'lastType',
    header: 'Last event',
    width: 200,
    sort: ({ lastType }) => lastType,
    cell: (row) => row.lastType,
  },
  {
    id: 'lastAt',
    header: 'Last event at',
    width: 200,
    sort: ({ lastAt }) => lastAt,
    cell: ({ lastAt }) => <Timestamp value={lastAt} />,
  },
  { id: 'lastActor', header: 'By', width: 200, cell: ({ lastActor }) => <Actor actor={lastActor} /> },
  {
    id: 'firstAt',
    header: 'First event at',
    width: 200,
    sort: ({ firstAt }) => firstAt,
    cell: ({ firstAt }) => <Timestamp value={firstAt} />,
  },
];

/** The streams of one category, which can be searched by the beginning of their ids. */
export default function StreamsPage() {
  const query = useCategoriesQuery();
  if (query.data) return <Streams categories={query.data.items} />;
  return query.error ? (
    <Failed what="the categories of streams" error={query.error} onRetry={() => void query.refetch()} />
  ) : (
    <Loading what="the categories of streams" />
  );
}

function Streams({ categories }: { categories: readonly Category[] }) {
  const [{ type: chosen, search }, change] = useUrlState(keys);
  const sorted = [...categories].sort((left, right) => left.type.localeCompare(right.type));
  const category = categories.find(({ type }) => type === chosen) ?? sorted[0];
  const type = category?.type ?? '';
  const query = useStreamsInfiniteQuery({ type, search }, { skip: !category });
  if (!category) return <Empty title="No categories">A domain with an aggregate brings the first one.</Empty>;
  return (
    <ResourceTable
      id="event-streams"
      title="Streams"
      one="stream"
      many="streams"
      description={`${categoryText(type)} of ${category.domain}${
        search === '' ? ', the one that grew last first.' : ', in the order of their ids.'
      }`}
      columns={columns}
      list={listStateOf({ ...query, data: query.currentData })}
      listName={`${type}/${search}`}
      rowId={({ id }) => id}
      actions={
        <Button
          iconName="refresh"
          ariaLabel="Refresh streams"
          loading={query.isFetching}
          onClick={() => void query.refetch()}
        />
      }
      filter={
        <Filter categories={sorted} category={category} search={search} onChange={(next) => change(next)} />
      }
      empty={
        search === '' ? (
          <Empty title="No streams yet">
            A stream begins with its first event, and shows here within moments.
          </Empty>
        ) : (
          <NoMatch what="streams" onClear={() => change({ search: '' })} />
        )
      }
    />
  );
}

function Filter(props: {
  categories: readonly Category[];
  category: Category;
  search: string;
  onChange: (change: { type?: string; search?: string }) => void;
}) {
  const { categories, category, search, onChange } = props;
  const options = categories.map(({ type, domain }) => ({
    value: type,
    label: categoryText(type),
    description: domain,
  }));
  const selected = options.find(({ value }) => value === category.type) ?? null;
  return (
    <Grid gridDefinition={[{ colspan: { default: 12, s: 4 } }, { colspan: { default: 12, s: 8 } }]}>
      <FormField label="Category">
        <Select
          selectedOption={selected}
          options={options}
          onChange={({ detail }) => onChange({ type: detail.selectedOption.value ?? '', search: '' })}
        />
      </FormField>
      <SearchField key={category.type} search={search} onSearch={(next) => onChange({ search: next })} />
    </Grid>
  );
}

/** How long a person pauses in typing before the search begins, in milliseconds. */
const pause = 300;

function SearchField({ search, onSearch }: { search: string; onSearch: (search: string) => void }) {
  const [typed, setTyped] = useState(search);
  useEffect(() => setTyped(search), [search]);
  useEffect(() => {
    const wish = typed.trim();
    if (wish === search) return;
    const timer = setTimeout(() => onSearch(wish), pause);
    return () => clearTimeout(timer);
  }, [typed, search, onSearch]);
  return (
    <FormField label="Id begins with">
      <Input
        type="search"
        value={typed}
        placeholder="Beginning of an id"
        clearAriaLabel="Clear search"
        onChange={({ detail }) => setTyped(detail.value)}
      />
    </FormField>
  );
}

export function Help() {
  return (
    <HelpPanel header={<h2>Streams</h2>}>
      <p>
        Whatever changes is recorded as events, and the events of one thing are its <b>stream</b>: of one
        alert rule, of one alert. Its category is what kind of thing that is.
      </p>
      <p>
        The list shows one row a stream, the one that grew last first. Type the beginning of an id to find a
        stream, or open one to see all that happened and what it was at any version.
      </p>
    </HelpPanel>
  );
}
