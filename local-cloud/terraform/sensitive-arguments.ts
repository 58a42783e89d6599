import { createHash } from 'node:crypto';
import type { Attributes } from '../core/service.ts';

/** Arguments that hold a secret. What is kept to tell whether one has changed is not the secret itself. */
const sensitive: Readonly<Record<string, readonly string[]>> = {
  aws_ssm_parameter: ['value'],
  aws_secretsmanager_secret_version: ['secret_string', 'secret_binary'],
};

/** The arguments with a digest in place of each secret. */
export function withoutSecrets(type: string, body: Attributes): Attributes {
  const names = sensitive[type] ?? [];
  const digest = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex');
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [name, names.includes(name) ? digest(value) : value]),
  );
}
