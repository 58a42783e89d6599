import type { Wanted } from '../../core/access.ts';

type Input = Record<string, unknown>;

const ofTheAccount = ['ListSecrets', 'GetRandomPassword', 'BatchGetSecretValue'];

/**
 * What an operation has to be allowed to do; `arnOf` answers the ARN of a secret that stands.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html
 */
export function wantedOfSecrets(
  operation: string,
  input: Input,
  prefix: string,
  arnOf: (id: string) => string | undefined,
): readonly Wanted[] {
  const action = `secretsmanager:${operation}`;
  if (ofTheAccount.includes(operation)) return [{ action, resource: '*' }];
  // Of one that is not there yet, the letters that will end its ARN are anybody's guess.
  if (operation === 'CreateSecret') return [{ action, resource: `${prefix}${input['Name']}-xxxxxx` }];
  const id = String(input['SecretId']);
  const resource = arnOf(id) ?? (id.startsWith('arn:') ? id : `${prefix}${id}`);
  const stage = operation === 'GetSecretValue' ? (input['VersionStage'] ?? 'AWSCURRENT') : undefined;
  return [
    {
      ...{ action, resource },
      context: {
        'secretsmanager:SecretId': resource,
        ...(typeof stage === 'string' ? { 'secretsmanager:VersionStage': stage } : {}),
      },
    },
  ];
}
