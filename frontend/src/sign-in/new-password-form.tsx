import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useSubmit } from './use-submit.ts';

/** Asks for a password of the person's own in place of the one they were given. */
export function NewPasswordForm({ onSubmit }: { onSubmit: (password: string) => Promise<void> }) {
  const [password, setPassword] = useState('');
  const [repeated, setRepeated] = useState('');
  const [tried, setTried] = useState(false);
  const form = useSubmit(async () => {
    setTried(true);
    if (password && password === repeated) await onSubmit(password);
  });
  return (
    <form noValidate onSubmit={form.onSubmit}>
      <Container
        header={
          <Header variant="h2" description="The one you were given works only once.">
            Choose a password
          </Header>
        }
      >
        <SpaceBetween size="m">
          {form.error ? <Alert type="error">{form.error}</Alert> : null}
          <FormField label="New password" errorText={tried && !password ? 'Enter a new password.' : ''}>
            <Input
              type="password"
              autoComplete="new-password"
              autoFocus
              value={password}
              onChange={({ detail }) => setPassword(detail.value)}
            />
          </FormField>
          <FormField
            label="New password again"
            errorText={tried && password !== repeated ? 'Enter the same password twice.' : ''}
          >
            <Input
              type="password"
              autoComplete="new-password"
              value={repeated}
              onChange={({ detail }) => setRepeated(detail.value)}
            />
          </FormField>
          <Button variant="primary" fullWidth loading={form.busy} loadingText="Saving the password">
            Set password and sign in
          </Button>
        </SpaceBetween>
      </Container>
    </form>
  );
}
