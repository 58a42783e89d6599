import { type CommandResult, runCommand } from '../command.ts';

/** What every call needs: no questions, no update checks, and a registry that is given up soon. */
const quiet = {
  TF_IN_AUTOMATION: '1',
  TF_INPUT: '0',
  CHECKPOINT_DISABLE: '1',
  TF_REGISTRY_DISCOVERY_RETRY: '1',
  TF_REGISTRY_CLIENT_TIMEOUT: '15',
};

export interface TerraformCall {
  folder: string;
  environment: Record<string, string>;
  stream: boolean;
}

/** Runs terraform in a stack's folder. */
export function terraform(
  parameters: string[],
  { folder, environment, stream }: TerraformCall,
): Promise<CommandResult> {
  return runCommand('terraform', parameters, {
    cwd: folder,
    environment: { ...quiet, ...environment },
    stream,
  });
}

export async function terraformIsInstalled(): Promise<boolean> {
  return (await runCommand('terraform', ['version'], { environment: quiet })).code === 0;
}

interface Diagnostic {
  severity: string;
  summary: string;
  detail?: string;
  address?: string;
  snippet?: { context?: string | null } | null;
}

/** Every error and warning in the JSON that `terraform validate -json` or `terraform test -json` wrote. */
export function readDiagnostics(output: string): string[] {
  return parse(output).flatMap((entry) => {
    if (typeof entry !== 'object' || entry === null) return [];
    if ('diagnostics' in entry) return (entry.diagnostics as Diagnostic[]).map(describe);
    return 'diagnostic' in entry ? [describe(entry.diagnostic as Diagnostic)] : [];
  });
}

/** `validate` writes one document, `test` one document a line. */
function parse(output: string): unknown[] {
  const trimmed = output.trim();
  try {
    return [JSON.parse(trimmed)];
  } catch {
    return trimmed
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line): unknown => JSON.parse(line));
  }
}

function describe({ severity, summary, detail, address, snippet }: Diagnostic): string {
  const place = address ?? snippet?.context ?? undefined;
  return [`${severity}: ${summary}`, place, detail]
    .filter((part) => part !== undefined && part !== '')
    .join('\n  ');
}
