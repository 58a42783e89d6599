import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useSubmit } from './use-submit.ts';

/** Asks for email and password. */
export function SignInForm({ onSubmit }: { onSubmit: (email: string, password: string) => Promise<void> }) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const form = useSubmit(async () => {
    setTried(true);
    if (email.trim() && password) await onSubmit(email.trim(), password);
  });
  return (
    <form noValidate onSubmit={form.onSubmit}>
      <Container header={<Header variant="h2">Sign in</Header>}>
        <SpaceBetween size="m">
          {form.error ? <Alert type="error">{form.error}</Alert> : null}
          <FormField label="Email" errorText={tried && !email.trim() ? 'Enter your email address.' : ''}>
            <Input
              type="email"
              name="email"
              autoComplete="username"
              autoFocus
              value={email}
              onChange={({ detail }) => setEmail(detail.value)}
            />
          </FormField>
          <FormField label="Password" errorText={tried && !password ? 'Enter your password.' : ''}>
            <Input
              type="password"
              name="password"
              autoComplete="current-password"
              value={password}
              onChange={({ detail }) => setPassword(detail.value)}
            />
          </FormField>
          <Button variant="primary" fullWidth loading={form.busy} loadingText="Signing in">
            Sign in
          </Button>
        </SpaceBetween>
      </Container>
    </form>
  );
}
