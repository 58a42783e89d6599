import Badge from '@cloudscape-design/components/badge';
import Container from '@cloudscape-design/components/container';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import HelpPanel from '@cloudscape-design/components/help-panel';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useParams } from 'react-router';
import { useIdentity } from '#shared/frontend/identity.ts';
import { PageButton } from '#shared/frontend/links.tsx';
import { Failed, Loading } from '#shared/frontend/page-states.tsx';
import { Timestamp } from '#shared/frontend/timestamp.tsx';
import { paths } from '../paths.ts';
import { AccountStatus } from './account.tsx';
import { type User, useUserQuery } from './api.ts';

/** One person's account: its state, its roles, and the way to what the person did. */
export default function UserPage() {
  const { username = '' } = useParams();
  const query = useUserQuery(username);
  const user = query.currentData;
  if (!user) {
    return query.error ? (
      <Failed what="the user" error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <Loading what="the user" />
    );
  }
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          description="An account of this installation’s user pool, read live from Cognito."
          actions={<PageButton to={paths.logsOfPerson(user.subject)}>Log lines of the last day</PageButton>}
        >
          {user.email ?? user.username}
        </Header>
      }
    >
      <Container header={<Header variant="h2">Account</Header>}>
        <Account user={user} />
      </Container>
    </ContentLayout>
  );
}

function Account({ user }: { user: User & { groups: string[] } }) {
  const { subject } = useIdentity();
  return (
    <KeyValuePairs
      columns={3}
      minColumnWidth={200}
      items={[
        { label: 'Status', value: <AccountStatus user={user} /> },
        { label: 'Roles', value: <Roles groups={user.groups} /> },
        { label: 'Tenant', value: user.tenant ?? 'None: the account may do nothing' },
        { label: 'Name', value: user.name ?? 'Not set' },
        {
          label: 'Email',
          value: user.email ? `${user.email} (${user.emailVerified ? 'verified' : 'not verified'})` : 'None',
        },
        { label: 'Sign-in', value: user.enabled ? 'Allowed' : 'Disabled' },
        { label: 'Created', value: <Timestamp value={user.createdAt} /> },
        { label: 'Last changed', value: <Timestamp value={user.modifiedAt} /> },
        {
          label: 'Id in events and logs',
          value: `${user.subject}${user.subject === subject ? ' (you)' : ''}`,
        },
      ]}
    />
  );
}

function Roles({ groups }: { groups: readonly string[] }) {
  if (groups.length === 0) return 'None: the account may read nothing';
  return (
    <SpaceBetween direction="horizontal" size="xxs">
      {groups.map((group) => (
        <Badge key={group}>{group}</Badge>
      ))}
    </SpaceBetween>
  );
}

export function Help() {
  return (
    <HelpPanel header={<h2>User</h2>}>
      <p>
        Events and logs name people by their id, never by their email. <b>Log lines of the last day</b> finds
        that id, which stands in the access log of every request the person made.
      </p>
      <p>Roles are groups of the user pool; a change counts from the person’s next token on.</p>
    </HelpPanel>
  );
}
