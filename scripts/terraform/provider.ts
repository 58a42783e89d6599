import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

type Environment = Record<string, string | undefined>;

export interface ProviderSource {
  /** Set for every terraform call. */
  environment: Record<string, string>;
  /** Where the providers come from, for people. */
  description: string;
  /** False when only the public registry is left, which may not answer. */
  certain: boolean;
}

/**
 * Finds where Terraform gets its providers, without naming a folder of one machine: the user's own CLI configuration
 * where its file exists, then `SKAFU_TF_MIRROR`, then the usual mirror folders, then the public registry. What Terraform
 * must be told is written to `workspace`, a temporary folder.
 */
export function findProviders(
  providers: Map<string, string>,
  workspace: string,
  environment: Environment = process.env,
): ProviderSource {
  const own = environment['TF_CLI_CONFIG_FILE'] ?? join(homeOf(environment), '.terraformrc');
  if (existsSync(own)) return { environment: {}, description: 'the CLI configuration', certain: true };
  const configurationFile = join(workspace, 'terraform.rc');
  const mirror = mirrorFolders(environment).find((folder) => holdsAll(folder, providers));
  writeFileSync(configurationFile, mirror === undefined ? '' : mirrorConfiguration(mirror));
  return {
    // Also when there is no mirror: Terraform warns about a configuration file that it is pointed to and is missing.
    environment: { TF_CLI_CONFIG_FILE: configurationFile },
    description: mirror === undefined ? 'the public registry' : 'a provider mirror',
    certain: mirror !== undefined,
  };
}

/** Folders that may hold providers as a mirror lays them out, in the order of preference. */
export function mirrorFolders(environment: Environment): string[] {
  const home = homeOf(environment);
  const data = environment['XDG_DATA_HOME'] ?? join(home, '.local', 'share');
  const shared = (environment['XDG_DATA_DIRS'] ?? '/usr/local/share:/usr/share').split(delimiter);
  return [
    ...(environment['SKAFU_TF_MIRROR'] === undefined ? [] : [environment['SKAFU_TF_MIRROR']]),
    join('terraform.d', 'plugins'),
    join(home, '.terraform.d', 'plugins'),
    ...[data, ...shared]
      .filter((folder) => folder !== '')
      .map((folder) => join(folder, 'terraform', 'plugins')),
    ...(existsSync('/opt') ? readdirSync('/opt').map((name) => join('/opt', name)) : []),
  ];
}

function homeOf(environment: Environment): string {
  return environment['HOME'] ?? homedir();
}

/** A mirror holds a provider unpacked in a folder of its platform, or packed as the registry hands it out. */
function holdsAll(mirror: string, providers: Map<string, string>): boolean {
  const platform = `${goSystem()}_${goProcessor()}`;
  return [...providers].every(([address, version]) => {
    const folder = join(mirror, 'registry.terraform.io', address);
    const packed = `terraform-provider-${address.split('/')[1]}_${version}_${platform}.zip`;
    return existsSync(join(folder, version, platform)) || existsSync(join(folder, packed));
  });
}

function mirrorConfiguration(mirror: string): string {
  return `provider_installation {
  filesystem_mirror {
    path    = ${JSON.stringify(mirror)}
    include = ["registry.terraform.io/*/*"]
  }
}
`;
}

function goSystem(): string {
  return process.platform === 'win32' ? 'windows' : process.platform;
}

function goProcessor(): string {
  return { x64: 'amd64', ia32: '386' }[process.arch as string] ?? process.arch;
}
