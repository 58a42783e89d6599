import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useLocation } from 'react-router';
import { PageButton } from '#shared/frontend/links.tsx';

/** Stands where no page is. */
export function NotFoundPage() {
  const { pathname } = useLocation();
  return (
    <SpaceBetween size="m">
      <Header variant="h1">There is no such page</Header>
      <Box>
        Nothing is at <code>{pathname}</code>. It may have moved, or the address may be misspelled.
      </Box>
      <PageButton to="/" variant="primary">
        Go to the overview
      </PageButton>
    </SpaceBetween>
  );
}
