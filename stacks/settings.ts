export const environments = ['local', 'dev', 'staging', 'prod'] as const;
export type Environment = (typeof environments)[number];

/** What differs between environments. Everything else is the same everywhere. */
interface EnvironmentSettings {
  /** Guards data against deletion, and keeps Terraform's state in S3 with a lock. */
  readonly lasting: boolean;
  readonly production: boolean;
  readonly logRetentionDays: number;
  readonly archiveRetentionDays: number;
  readonly logLevel: 'DEBUG' | 'INFO';
}

const perEnvironment: Readonly<Record<Environment, EnvironmentSettings>> = {
  local: {
    lasting: false,
    production: false,
    logRetentionDays: 7,
    archiveRetentionDays: 7,
    logLevel: 'INFO',
  },
  dev: { lasting: false, production: false, logRetentionDays: 7, archiveRetentionDays: 7, logLevel: 'DEBUG' },
  staging: {
    lasting: true,
    production: false,
    logRetentionDays: 30,
    archiveRetentionDays: 30,
    logLevel: 'INFO',
  },
  prod: { lasting: true, production: true, logRetentionDays: 90, archiveRetentionDays: 90, logLevel: 'INFO' },
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
