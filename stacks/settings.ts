export const environments = ['local', 'dev', 'staging', 'prod'] as const;
export type Environment = (typeof environments)[number];

/** What differs between environments. Everything else is the same everywhere. */
interface EnvironmentSettings {
  /** Guards data against deletion, and keeps Terraform's state in S3 with a lock. */
  readonly lasting: boolean;
  readonly production: boolean;
  readonly logRetentionDays: number;
  readonly archiveRetentionDays: number;
  /** How long nobody can delete a seal of the event store, the account's owner included. */
  readonly sealRetentionDays: number;
  readonly logLevel: 'DEBUG' | 'INFO';
  /** Of one address, at the front door, before it is refused for a while. */
  readonly requestsPerFiveMinutes: number;
  /** Traces kept of each second, and which share of those beyond. */
  readonly tracing: { readonly eachSecond: number; readonly share: number };
}

const allTraces = { eachSecond: 50, share: 1 };

const perEnvironment: Readonly<Record<Environment, EnvironmentSettings>> = {
  local: {
    lasting: false,
    production: false,
    logRetentionDays: 7,
    archiveRetentionDays: 7,
    sealRetentionDays: 1,
    logLevel: 'INFO',
    requestsPerFiveMinutes: 100_000,
    tracing: allTraces,
  },
  dev: {
    lasting: false,
    production: false,
    logRetentionDays: 7,
    archiveRetentionDays: 7,
    sealRetentionDays: 1,
    logLevel: 'DEBUG',
    requestsPerFiveMinutes: 5_000,
    tracing: allTraces,
  },
  staging: {
    lasting: true,
    production: false,
    logRetentionDays: 30,
    archiveRetentionDays: 30,
    sealRetentionDays: 30,
    logLevel: 'INFO',
    // Load tests come from one address.
    requestsPerFiveMinutes: 50_000,
    tracing: { eachSecond: 10, share: 0.5 },
  },
  prod: {
    lasting: true,
    production: true,
    logRetentionDays: 90,
    archiveRetentionDays: 90,
    sealRetentionDays: 365,
    logLevel: 'INFO',
    // An office of fifty behind one address, each with two pages that refresh every 30 s.
    requestsPerFiveMinutes: 5_000,
    tracing: { eachSecond: 5, share: 0.05 },
  },
};

/** What whoever synthesizes may choose. */
export interface Choices {
  readonly environment: Environment;
  /** Folder of the built bundles: `<stack>/<function>.zip`. */
  readonly functionsDirectory: string;
  /** By default us-east-1. */
  readonly region?: string;
  /** The tenant to whom the installation belongs, by default `skafu`. */
  readonly installationTenant?: string;
  /** Bucket of Terraform's state in staging and prod, by default `skafu-<environment>-terraform-state`. */
  readonly stateBucket?: string;
}

export type Settings = Required<Choices> & EnvironmentSettings;

/** Completes the choices with the environment's settings. */
export function settingsFor(choices: Choices): Settings {
  return {
    ...perEnvironment[choices.environment],
    region: 'us-east-1',
    installationTenant: 'skafu',
    stateBucket: `skafu-${choices.environment}-terraform-state`,
    ...choices,
  };
}
