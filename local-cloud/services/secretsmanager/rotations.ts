import { randomUUID } from 'node:crypto';
import type { Cloud } from '../../core/cloud.ts';
import { AwsError } from '../../core/errors.ts';
import { createFirings, type Firings, type FiringWrite, type Timed } from '../../core/firings.ts';
import { retryDelay } from '../../core/retry-delay.ts';
import type { StateNamespace } from '../../core/state.ts';
import { scheduleOf } from './rotation-rules.ts';
import { invalidRequest } from './secret-input.ts';
import type { Rotation, Secret, Secrets } from './secrets.ts';
import { current, moveStages, pending, withStage } from './staging.ts';

const steps = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;
const mostAttempts = 5;
const day = 86_400_000;

/**
 * Rotates secrets by their functions, when it is asked for and when it is due. A rotation that has begun is on disk, is
 * tried again as a whole where a step failed, and goes on after a restart.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda.html
 */
export class Rotations {
  readonly #cloud: Cloud;
  readonly #secrets: Secrets;
  readonly #firings: Firings;
  readonly #delay: (attempts: number) => number;
  readonly #running = new Map<string, Promise<void>>();
  /** How each wait for another attempt is called off. */
  readonly #waits = new Set<() => void>();
  #runs = false;

  constructor(
    cloud: Cloud,
    secrets: Secrets,
    state: StateNamespace,
    delay: (attempts: number) => number = retryDelay,
  ) {
    this.#cloud = cloud;
    this.#secrets = secrets;
    this.#firings = createFirings(cloud.logger, state, cloud.clock);
    this.#delay = delay;
  }

  /** Takes up schedules and what an earlier process has begun. */
  async start(): Promise<void> {
    this.#runs = true;
    await this.#firings.start(this.#secrets.all().flatMap((secret) => this.#timedOf(secret) ?? []));
    for (const secret of this.#secrets.all()) this.#run(secret.arn);
  }

  async stop(): Promise<void> {
    this.#runs = false;
    for (const callOff of this.#waits) callOff();
    await this.#firings.stop();
    await Promise.all(this.#running.values());
  }

  nextOf(secret: Secret): number | undefined {
    return this.#firings.nextOf(secret.arn);
  }

  /** Looks again at a secret that has changed: a new value begins its interval anew. */
  async changed(secret: Secret): Promise<void> {
    const timed = this.#timedOf(secret);
    if (timed) await this.#firings.put(timed);
    else this.#firings.pause(secret.arn);
  }

  forget(secret: Secret): Promise<void> {
    return this.#firings.remove(secret.arn);
  }

  /** Throws `AccessDeniedException` unless the function lets Secrets Manager invoke it. */
  requireFunction(secretArn: string, functionArn: string): void {
    try {
      this.#cloud.ports.access.require(
        { type: 'service', service: 'secretsmanager.amazonaws.com', sourceArn: secretArn },
        { action: 'lambda:InvokeFunction', resource: functionArn },
      );
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      throw new AwsError(
        'AccessDeniedException',
        'Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants access to the principal secretsmanager.amazonaws.com.',
      );
    }
  }

  /**
   * Begins a rotation: durable when it resolves, done later. Throws `InvalidRequestException` where one is under way or
   * was left half done, which is then tried again.
   */
  async begin(
    arn: string,
    rotation: Rotation,
    versionId: string,
    onlyTest = false,
    writes: FiringWrite[] = [],
  ): Promise<void> {
    const secret = this.#secrets.existing(arn);
    const left = withStage(secret.versions, pending);
    if (left && !left.stages.includes(current)) {
      const underWay = rotation.underWay ?? { versionId: left.versionId, attempts: 0, onlyTest: false };
      await this.#secrets.keep({ ...secret, rotation: { ...rotation, underWay } }, undefined, writes);
      this.#run(arn);
      throw invalidRequest("A previous rotation isn't complete. That rotation will be reattempted.");
    }
    const known = secret.versions.some((each) => each.versionId === versionId);
    if (known) return;
    const added = { versionId, stages: [], createdAt: this.#cloud.clock.now(), hasValue: false };
    await this.#secrets.keep(
      {
        ...secret,
        rotation: { ...rotation, underWay: { versionId, attempts: 0, onlyTest } },
        versions: moveStages([...secret.versions, added], versionId, [pending]),
      },
      undefined,
      writes,
    );
    this.#run(arn);
  }

  #timedOf(secret: Secret): Timed | undefined {
    const { rotation, arn: id, deletionAt, valueAt } = secret;
    const due = rotation?.enabled ? scheduleOf(rotation.rules) : undefined;
    if (!due || deletionAt !== undefined) return undefined;
    const { schedule } = due;
    const counted = schedule.kind === 'rate' ? ` since ${valueAt}` : '';
    return {
      ...{ id, expression: `${due.expression}${counted}`, next: schedule.next },
      lateness: schedule.period ?? day,
      fire: async (_, writes) => {
        const now = this.#secrets.named(id);
        if (!now?.rotation) return this.#firings.pause(id);
        await this.begin(id, now.rotation, randomUUID(), false, writes).catch((error: unknown) => {
          if (!(error instanceof AwsError)) throw error;
        });
      },
    };
  }

  #run(arn: string): void {
    if (!this.#runs || this.#running.has(arn) || !this.#secrets.named(arn)?.rotation?.underWay) return;
    const work = this.#rotate(arn)
      .catch((error: unknown) =>
        this.#cloud.logger.error('A rotation could not be recorded.', { secret: arn, error: String(error) }),
      )
      .finally(() => this.#running.delete(arn));
    this.#running.set(arn, work);
  }

  async #rotate(arn: string): Promise<void> {
    const secret = this.#secrets.named(arn);
    const underWay = secret?.rotation?.underWay;
    if (!secret?.rotation || !underWay) return;
    const { functionArn } = secret.rotation;
    const { versionId, onlyTest } = underWay;
    try {
      for (const step of onlyTest ? (['testSecret'] as const) : steps) {
        if (!this.#runs) return;
        await this.#step(arn, functionArn, versionId, step);
      }
    } catch (error) {
      await this.#failed(arn, error);
      return;
    }
    await this.#ended(arn, versionId, onlyTest);
  }

  async #step(arn: string, functionArn: string, versionId: string, step: string): Promise<void> {
    this.requireFunction(arn, functionArn);
    const event = { Step: step, SecretId: arn, ClientRequestToken: versionId };
    const { functionError } = await this.#cloud.ports.functions.invoke(functionArn, event, {
      background: true,
    });
    // What the function said of it is in its own log, and may hold what is secret.
    if (functionError !== undefined) throw new Error(`The step ${step} failed in ${functionArn}.`);
  }

  async #failed(arn: string, error: unknown): Promise<void> {
    const secret = this.#secrets.named(arn);
    const underWay = secret?.rotation?.underWay;
    if (!secret?.rotation || !underWay) return;
    const attempts = underWay.attempts + 1;
    this.#cloud.logger.warn('A secret was not rotated.', { secret: arn, attempts, error: String(error) });
    const { underWay: _, ...ended } = secret.rotation;
    const isOver = attempts >= mostAttempts;
    const rotation = isOver ? ended : { ...ended, underWay: { ...underWay, attempts } };
    await this.#secrets.keep({ ...secret, rotation });
    if (isOver || !this.#runs) return;
    const callOff = this.#cloud.clock.after(this.#delay(attempts), `another rotation of ${arn}`, () => {
      this.#waits.delete(callOff);
      this.#run(arn);
    });
    this.#waits.add(callOff);
  }

  async #ended(arn: string, versionId: string, onlyTest: boolean): Promise<void> {
    const secret = this.#secrets.named(arn);
    if (!secret?.rotation) return;
    const { underWay: _, ...rotation } = secret.rotation;
    if (onlyTest) {
      const versions = secret.versions.filter((each) => each.versionId !== versionId);
      await this.#secrets.keep({ ...secret, rotation, versions });
      return;
    }
    if (withStage(secret.versions, current)?.versionId !== versionId) {
      const reason = `Its function ended without ${current} at the new version ${versionId}.`;
      this.#cloud.logger.warn('A secret was not rotated.', { secret: arn, error: reason });
      await this.#secrets.keep({ ...secret, rotation });
      return;
    }
    const lastAt = this.#cloud.clock.now();
    const kept = await this.#secrets.keep({
      ...{ ...secret, rotation: { ...rotation, lastAt } },
      ...{ changedAt: lastAt, valueAt: lastAt },
    });
    await this.changed(kept);
  }
}
