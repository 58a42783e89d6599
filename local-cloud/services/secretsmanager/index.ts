import type { Cloud } from '../../core/cloud.ts';
import { openSecretsAtRest } from '../../core/secrets-at-rest.ts';
import type { Service } from '../../core/service.ts';
import { listingOperations } from './listing.ts';
import { managingOperations } from './managing.ts';
import { randomPassword } from './random-password.ts';
import { secretData, secretResources } from './resources.ts';
import { rotationOperations } from './rotation-operations.ts';
import { Rotations } from './rotations.ts';
import { type Secret, Secrets } from './secrets.ts';
import { counted, holdings } from './usage.ts';
import { valueOperations } from './values.ts';
import { secretsView } from './views.ts';
import { wantedOfSecrets } from './wanted.ts';

/** How often it is looked whether the time of secrets that are marked for deletion has come. */
const sweepEvery = 3_600_000;

export interface SecretsManagerOptions {
  /** Milliseconds until a rotation that failed is tried again. */
  rotationDelay?: (attempts: number) => number;
}

/** AWS Secrets Manager: versions and their labels, rotation, resource policies; values sealed on disk. */
export async function createSecretsManager(
  cloud: Cloud,
  { rotationDelay }: SecretsManagerOptions = {},
): Promise<Service> {
  const state = cloud.state.namespace('secretsmanager');
  const secrets = new Secrets(cloud, state, openSecretsAtRest(cloud.dataDirectory));
  await secrets.load();
  const rotations = new Rotations(cloud, secrets, state, rotationDelay);
  const prefix = `arn:aws:secretsmanager:${cloud.region}:${cloud.accountId}:secret:`;
  cloud.ports.access.addPolicies('secretsmanager', (arn) => secrets.named(arn)?.policy);

  async function removeExpired(): Promise<void> {
    const gone = secrets
      .all()
      .filter(({ deletionAt = Number.POSITIVE_INFINITY }) => deletionAt <= cloud.clock.now());
    for (const secret of gone) await secrets.remove(secret);
  }
  const changed = (secret: Secret) => rotations.changed(secret);
  const nextRotation = (secret: Secret) => rotations.nextOf(secret);
  let timer: NodeJS.Timeout | undefined;

  return {
    signingNames: ['secretsmanager'],
    resources: secretResources(secrets, rotations),
    dataSources: secretData(secrets),
    operations: counted(cloud, secrets, {
      ...managingOperations(secrets, changed, (secret) => rotations.forget(secret)),
      ...valueOperations(cloud, secrets, changed),
      ...listingOperations(secrets, nextRotation),
      ...rotationOperations(secrets, rotations),
      GetRandomPassword: async (input) => ({ RandomPassword: randomPassword(input) }),
    }),
    wanted: (operation, input) => wantedOfSecrets(operation, input, prefix, (id) => secrets.named(id)?.arn),
    views: [secretsView(secrets, nextRotation)],
    holdings: async () => holdings(secrets),
    async start() {
      await removeExpired();
      timer = setInterval(() => {
        removeExpired().catch((error: unknown) =>
          cloud.logger.error('Secrets that were deleted could not be removed.', { error: String(error) }),
        );
      }, sweepEvery).unref();
    },
    resume: () => rotations.start(),
    async stop() {
      clearInterval(timer);
      await rotations.stop();
    },
  };
}
