import Button from '@cloudscape-design/components/button';
import HelpPanel from '@cloudscape-design/components/help-panel';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { PageLink } from '#shared/frontend/links.tsx';
import { listStateOf } from '#shared/frontend/list-state.ts';
import { Empty, NoMatch } from '#shared/frontend/page-states.tsx';
import { PrefixFilter } from '#shared/frontend/prefix-filter.tsx';
import { type Column, ResourceTable } from '#shared/frontend/resource-table.tsx';
import { Timestamp } from '#shared/frontend/timestamp.tsx';
import { oneOf, text, useUrlState } from '#shared/frontend/url-state.ts';
import { paths } from '../paths.ts';
import { AccountStatus, userStatuses } from './account.tsx';
import { type SearchBy, type User, type UserSearch, type UserStatus, useUsersInfiniteQuery } from './api.ts';

const statusNames = Object.keys(userStatuses) as UserStatus[];

/** The search, in the address. Cognito searches by one thing, so a prefix and a status exclude each other. */
export const userSearchKeys = {
  by: oneOf(['email', 'name', 'username'], 'email'),
  prefix: text(),
  status: oneOf(['any', ...statusNames], 'any'),
} as const;

const columns: Column<User>[] = [
  {
    id: 'email',
    header: 'Email',
    width: 220,
    sort: (user) => user.email ?? user.username,
    cell: (user) => <PageLink to={paths.user(user.username)}>{user.email ?? user.username}</PageLink>,
  },
  {
    id: 'name',
    header: 'Name',
    width: 130,
    sort: (user) => user.name ?? '',
    cell: (user) => user.name ?? 'Not set',
  },
  {
    id: 'status',
    header: 'Status',
    width: 170,
    sort: (user) => `${user.enabled} ${user.status}`,
    cell: (user) => <AccountStatus user={user} />,
  },
  {
    id: 'tenant',
    header: 'Tenant',
    width: 110,
    sort: (user) => user.tenant ?? '',
    cell: (user) => user.tenant ?? 'None',
  },
  {
    id: 'created',
    header: 'Created',
    width: 160,
    sort: (user) => user.createdAt,
    cell: (user) => <Timestamp value={user.createdAt} />,
  },
  {
    id: 'modified',
    header: 'Last changed',
    width: 160,
    hiddenAtFirst: true,
    sort: (user) => user.modifiedAt,
    cell: (user) => <Timestamp value={user.modifiedAt} />,
  },
  {
    id: 'subject',
    header: 'Id in events and logs',
    width: 280,
    hiddenAtFirst: true,
    cell: (user) => user.subject,
  },
];

/** Everybody who has an account of this installation. */
export default function UsersPage() {
  const [search, change] = useUrlState(userSearchKeys);
  const query = useUsersInfiniteQuery(searchOf(search));
  const searched = search.prefix !== '' || search.status !== 'any';
  // Accounts of the former search must not stand under the new one.
  const list = listStateOf({ ...query, data: query.currentData });
  return (
    <ResourceTable
      id="users"
      title="Users"
      one="user"
      many="users"
      description="Accounts of this installation’s user pool, of every tenant, read live from Cognito."
      columns={columns}
      list={list}
      rowId={(user) => user.username}
      actions={
        <Button
          iconName="refresh"
          ariaLabel="Refresh users"
          loading={query.isFetching}
          onClick={() => void query.refetch()}
        />
      }
      filter={
        <SpaceBetween direction="horizontal" size="xs">
          <Select
            ariaLabel="Search by"
            selectedOption={searchOptions.find(({ value }) => value === search.by) ?? null}
            options={searchOptions}
            onChange={({ detail }) =>
              change({ by: userSearchKeys.by.read(detail.selectedOption.value ?? '') ?? 'email' })
            }
          />
          <PrefixFilter
            placeholder="Begins with"
            ariaLabel="Find users by how it begins"
            prefix={search.prefix}
            onChange={(prefix) => change({ prefix, status: 'any' })}
          />
          <Select
            ariaLabel="Status"
            selectedOption={statusOptions.find(({ value }) => value === search.status) ?? null}
            options={statusOptions}
            onChange={({ detail }) =>
              change({
                prefix: '',
                status: userSearchKeys.status.read(detail.selectedOption.value ?? '') ?? 'any',
              })
            }
          />
        </SpaceBetween>
      }
      empty={
        searched ? (
          <NoMatch what="users" onClear={() => change({ prefix: '', status: 'any' })} />
        ) : (
          <Empty title="No users">Administrators create accounts in the user pool; they show up here.</Empty>
        )
      }
    />
  );
}

function searchOf(search: { by: SearchBy; prefix: string; status: UserStatus | 'any' }): UserSearch {
  if (search.prefix !== '') return { by: search.by, prefix: search.prefix };
  return search.status === 'any' ? {} : { status: search.status };
}

const searchOptions: { value: SearchBy; label: string }[] = [
  { value: 'email', label: 'Email' },
  { value: 'name', label: 'Name' },
  { value: 'username', label: 'Username' },
];

const statusOptions = [
  { value: 'any', label: 'Any status' },
  ...statusNames.map((value) => ({ value, label: userStatuses[value].text })),
];

export function Help() {
  return (
    <HelpPanel header={<h2>Users</h2>}>
      <p>
        Everybody who can sign in, with the state of their account. Open one to see its roles and what the
        person did.
      </p>
      <p>
        Cognito searches by the beginning of one attribute or by the status, never by both: choosing one
        clears the other. Capital letters count in names.
      </p>
      <p>Only administrators see this page: these are personal data.</p>
    </HelpPanel>
  );
}
