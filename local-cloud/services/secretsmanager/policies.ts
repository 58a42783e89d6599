import { AwsError } from '../../core/errors.ts';
import { readPolicy, type Statement } from '../iam/policy.ts';

/** Throws `MalformedPolicyDocumentException`, or `PublicPolicyException` where everybody is let in and must not be. */
export function checkPolicy(document: string, blockPublic: boolean): void {
  let statements: Statement[];
  try {
    statements = readPolicy(document);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new AwsError('MalformedPolicyDocumentException', error.message);
  }
  if (blockPublic && statements.some(isPublic)) {
    throw new AwsError(
      'PublicPolicyException',
      'The resource policy grants everybody access, and BlockPublicPolicy forbids that.',
    );
  }
}

const isPublic = ({ effect, principals, conditions }: Statement) =>
  effect === 'Allow' && (principals?.['AWS'] ?? []).includes('*') && conditions.length === 0;
