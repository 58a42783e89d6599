import { createHash } from 'node:crypto';
import type { FunctionConfiguration } from '../configuration.ts';

/** A function as most operations answer it; the qualifier is the one that was asked for. */
export function describeFunction(configuration: FunctionConfiguration, qualifier?: string): object {
  return {
    FunctionName: configuration.name,
    FunctionArn: qualifier ? `${configuration.arn}:${qualifier}` : configuration.arn,
    Runtime: configuration.runtime,
    Role: configuration.role,
    Handler: configuration.handler,
    CodeSize: configuration.codeSize,
    Description: configuration.description,
    Timeout: configuration.timeoutSeconds,
    MemorySize: configuration.memoryMegabytes,
    LastModified: configuration.lastModified,
    CodeSha256: configuration.codeSha256,
    Version: configuration.version,
    RevisionId: revisionIdOf(configuration),
    ...(Object.keys(configuration.environment).length > 0
      ? { Environment: { Variables: configuration.environment } }
      : {}),
    TracingConfig: { Mode: configuration.tracing },
    ...(configuration.deadLetterArn ? { DeadLetterConfig: { TargetArn: configuration.deadLetterArn } } : {}),
    State: 'Active',
    LastUpdateStatus: 'Successful',
    PackageType: 'Zip',
    Architectures: [configuration.architecture],
    EphemeralStorage: { Size: 512 },
    LoggingConfig: { LogFormat: configuration.logFormat, LogGroup: configuration.logGroup },
  };
}

/** The same for the same code and settings. */
export function revisionIdOf(configuration: FunctionConfiguration): string {
  const { codeFolder: _, ...told } = configuration;
  const hex = createHash('sha256').update(JSON.stringify(told)).digest('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/u, '$1-$2-$3-$4-$5');
}
