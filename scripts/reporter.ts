/** What a stage answers. A stage that could not do its work is `skipped` with the reason, never `ok`. */
export type Outcome =
  | { status: 'ok'; note?: string }
  | { status: 'skipped'; reason: string }
  | { status: 'failed'; output: string };

export interface Stage {
  name: string;
  run(): Promise<Outcome>;
}

export interface ReporterOptions {
  write: (text: string) => void;
  /** A terminal gets a line that is rewritten when its stage ends; a pipe or log gets finished lines only. */
  interactive: boolean;
  /** GitHub shows `::error` lines on the pull request. */
  annotate: boolean;
  /** The stages show their own output: the line is never rewritten, and a failure's tail is not repeated. */
  verbose: boolean;
  /** Milliseconds. */
  now: () => number;
}

const tailLines = 40;

/** The last lines of an output: where a tool says what went wrong. */
export function tail(output: string, lines = tailLines): string {
  return output.trimEnd().split('\n').slice(-lines).join('\n');
}

/** GitHub reads one line per annotation and wants line breaks and percent signs escaped. */
function annotation(title: string, text: string): string {
  const escaped = text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  return `::error title=${title}::${escaped}\n`;
}

function describe(outcome: Outcome): string {
  if (outcome.status === 'skipped') return `  ${outcome.reason}`;
  if (outcome.status === 'ok' && outcome.note !== undefined) return `  ${outcome.note}`;
  return '';
}

/**
 * Runs the stages in order and says one line for each: name, outcome, seconds. Stops at the first that fails, since
 * what follows builds on it. Answers true when none failed.
 */
export async function runStages(stages: Stage[], options: ReporterOptions): Promise<boolean> {
  const width = Math.max(...stages.map((stage) => stage.name.length));
  const rewrite = options.interactive && !options.verbose;
  for (const stage of stages) {
    const name = stage.name.padEnd(width);
    if (rewrite) options.write(`${name}  …`);
    if (options.verbose) options.write(`${name}  started\n`);
    const started = options.now();
    const outcome = await stage.run().catch(
      (error: unknown): Outcome => ({
        status: 'failed',
        output: error instanceof Error ? error.message : String(error),
      }),
    );
    const seconds = ((options.now() - started) / 1000).toFixed(1);
    const line = `${name}  ${outcome.status.padEnd(7)}  ${seconds.padStart(6)} s${describe(outcome)}\n`;
    options.write(rewrite ? `\r\u001b[K${line}` : line);
    if (outcome.status !== 'failed') continue;
    const text = tail(outcome.output);
    if (!options.verbose) options.write(`${text}\n`);
    if (options.annotate) options.write(annotation(`${stage.name} failed`, text));
    return false;
  }
  return true;
}
