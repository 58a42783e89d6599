import type { Credentials } from '../../core/access.ts';
import type { Cloud } from '../../core/cloud.ts';
import { AwsError } from '../../core/errors.ts';
import type { AsynchronousSettings } from './asynchronous-settings.ts';
import { defaultAsynchronousSettings } from './asynchronous-settings.ts';
import { type FunctionConfiguration, parseFunctionName } from './configuration.ts';
import { createLogWriter } from './log-writer.ts';
import { Pool, type PoolLimits } from './pool.ts';

/** Calls since the start of the local cloud, whatever code they met. */
export interface Tally {
  invocations: number;
  errors: number;
  /** Epoch milliseconds. */
  lastAt?: number;
}

export interface DeployedFunction {
  configuration: FunctionConfiguration;
  pool: Pool;
  asynchronous: AsynchronousSettings;
  aliases: Set<string>;
  tally: Tally;
}

/** The functions that stand, by name. */
export class FunctionRegistry {
  readonly #cloud: Cloud;
  readonly #limits: PoolLimits | undefined;
  readonly #functions = new Map<string, DeployedFunction>();
  readonly #retiring = new Set<Promise<void>>();

  constructor(cloud: Cloud, limits?: PoolLimits) {
    this.#cloud = cloud;
    this.#limits = limits;
  }

  /** Puts a function, or replaces its code and settings: what runs ends on the old ones, what comes gets the new. */
  deploy(configuration: FunctionConfiguration): DeployedFunction {
    const previous = this.#functions.get(configuration.name);
    const credentials = this.#cloud.ports.access.assume(configuration.role, configuration.name);
    const pool = new Pool(
      configuration,
      () => environmentOf(configuration, this.#cloud, credentials),
      createLogWriter(this.#cloud, configuration),
      this.#limits,
    );
    const deployed: DeployedFunction = {
      configuration,
      pool,
      asynchronous: previous?.asynchronous ?? defaultAsynchronousSettings,
      aliases: previous?.aliases ?? new Set(),
      tally: previous?.tally ?? { invocations: 0, errors: 0 },
    };
    this.#functions.set(configuration.name, deployed);
    if (previous) this.#retire(previous);
    return deployed;
  }

  remove(name: string): void {
    const deployed = this.#functions.get(name);
    this.#functions.delete(name);
    if (deployed) this.#retire(deployed);
  }

  has(name: string): boolean {
    return this.#functions.has(name);
  }

  /** Throws ResourceNotFoundException, also for an alias or version that does not exist. */
  get(arnOrName: string): { deployed: DeployedFunction; qualifier: string | undefined } {
    const { name, qualifier } = parseFunctionName(arnOrName);
    const deployed = this.#functions.get(name);
    const known = qualifier === undefined || qualifier === '$LATEST' || deployed?.aliases.has(qualifier);
    if (!deployed || !known) {
      const suffix = qualifier ? `:${qualifier}` : '';
      const arn = `arn:aws:lambda:${this.#cloud.region}:${this.#cloud.accountId}:function:${name}${suffix}`;
      throw new AwsError('ResourceNotFoundException', `Function not found: ${arn}`, 404);
    }
    return { deployed, qualifier };
  }

  all(): DeployedFunction[] {
    return [...this.#functions.values()].sort((one, other) =>
      one.configuration.name.localeCompare(other.configuration.name),
    );
  }

  async end(): Promise<void> {
    await Promise.all([...this.#functions.values()].map(({ pool }) => pool.end()));
    await Promise.all(this.#retiring);
  }

  #retire({ pool }: DeployedFunction): void {
    const ended: Promise<void> = pool.drain().finally(() => this.#retiring.delete(ended));
    this.#retiring.add(ended);
  }
}

function environmentOf(
  configuration: FunctionConfiguration,
  cloud: Cloud,
  credentials: Credentials,
): Record<string, string> {
  return {
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    ...configuration.environment,
    AWS_REGION: cloud.region,
    AWS_DEFAULT_REGION: cloud.region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${configuration.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: configuration.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(configuration.memoryMegabytes),
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: configuration.logGroup,
    _HANDLER: configuration.handler,
    LAMBDA_TASK_ROOT: configuration.codeFolder,
    AWS_ENDPOINT_URL: cloud.endpointUrl,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    ...(cloud.xrayDaemonAddress ? { AWS_XRAY_DAEMON_ADDRESS: cloud.xrayDaemonAddress } : {}),
  };
}
