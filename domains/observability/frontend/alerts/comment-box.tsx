import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { type FormEvent, useState } from 'react';
import { useMay } from '#shared/frontend/identity.ts';
import { describe, isProblem } from '#shared/frontend/problem.ts';
import { operators } from '#shared/frontend/roles.ts';
import type { Alert as AlertEpisode } from '../types.ts';
import { useCommentOnAlertMutation } from './response-api.ts';

const longestComment = 2000;

/** Adds what a person knows to the history of an episode. */
export function CommentBox({ alert }: { alert: AlertEpisode }) {
  const [text, setText] = useState('');
  const [tried, setTried] = useState(false);
  const [comment, { isLoading, error }] = useCommentOnAlertMutation();
  const may = useMay(operators);
  const wrong = text.trim() === '' ? 'Enter a comment.' : tooLong(text);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setTried(true);
    if (wrong || !may) return;
    const answer = await comment({ alertId: alert.alertId, episode: alert.episode, text: text.trim() });
    if (answer.error) return;
    setText('');
    setTried(false);
  };
  return (
    <Container header={<Header variant="h2">Comment</Header>}>
      <form noValidate onSubmit={(event) => void submit(event)}>
        <SpaceBetween size="s">
          {error ? (
            <Alert type="error">
              {isProblem(error) ? describe(error) : 'The console failed. Try again.'}
            </Alert>
          ) : null}
          <FormField
            label={`Comment on episode ${alert.episode}`}
            description="Everybody who sees the alert can read it in the history. It cannot be changed later."
            constraintText={`${text.length} of ${longestComment} characters.`}
            errorText={tried ? wrong : tooLong(text)}
            stretch
          >
            <Textarea
              value={text}
              rows={3}
              disabled={!may}
              onChange={({ detail }) => setText(detail.value)}
            />
          </FormField>
          <Box float="right">
            <Button
              loading={isLoading}
              disabled={!may}
              disabledReason="Only operators and administrators comment on alerts."
            >
              Add comment
            </Button>
          </Box>
        </SpaceBetween>
      </form>
    </Container>
  );
}

function tooLong(text: string): string {
  return text.trim().length > longestComment ? `Shorten the comment to ${longestComment} characters.` : '';
}
