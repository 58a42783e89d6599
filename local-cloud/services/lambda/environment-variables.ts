import type { Cloud } from '../../core/cloud.ts';
import type { FunctionConfiguration } from './configuration.ts';

/** What a function finds in its environment: its own variables, those that Lambda reserves, and its role's keys. */
export function environmentVariables(
  cloud: Cloud,
  configuration: FunctionConfiguration,
  initialization: 'on-demand' | 'provisioned-concurrency',
): Record<string, string> {
  const credentials = cloud.ports.access.assume(configuration.role, configuration.name);
  return {
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    ...configuration.environment,
    AWS_REGION: cloud.region,
    AWS_DEFAULT_REGION: cloud.region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${configuration.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: configuration.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(configuration.memoryMegabytes),
    AWS_LAMBDA_FUNCTION_VERSION: configuration.version,
    AWS_LAMBDA_INITIALIZATION_TYPE: initialization,
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
