import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Domain, kebabCase } from '#shared/definition/domain.ts';
import type { AnyEventDefinition } from '#shared/messages/event.ts';
import type { JsonSchema } from './compatibility.ts';

/** Every schema that events of a domain were ever recorded with: by `aggregate/Event`, then by the schema's version. */
export type Released = Record<string, Record<string, JsonSchema>>;

/** An event as code defines it now. */
export interface PresentEvent {
  readonly domain: string;
  readonly aggregate: string;
  /** `aggregate/Event` */
  readonly name: string;
  readonly definition: AnyEventDefinition;
}

/** Data of one event as one version of its schema let it be recorded: with all fields, and with none that may be absent. */
export interface Recording {
  readonly type: string;
  readonly schemaVersion: number;
  readonly data: readonly Readonly<Record<string, unknown>>[];
}

export function eventsOf({ name: domain, aggregates }: Domain): PresentEvent[] {
  return Object.entries(aggregates).flatMap(([key, { events }]) =>
    events.map((definition) => ({
      domain,
      aggregate: kebabCase(key),
      name: `${kebabCase(key)}/${definition.type}`,
      definition,
    })),
  );
}

/** What stands in the repository of events that were released. */
export class ReleasedEvents {
  private readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  of(domain: string): Released {
    const file = this.file(domain);
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Released) : {};
  }

  keep(domain: string, released: Released): void {
    const inOrder = Object.fromEntries(
      Object.entries(released).sort(([left], [right]) => (left < right ? -1 : 1)),
    );
    write(this.file(domain), inOrder);
  }

  recording(domain: string, name: string, version: number): Recording | undefined {
    const file = this.recordingFile(domain, name, version);
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Recording) : undefined;
  }

  keepRecording(domain: string, name: string, recording: Recording): void {
    write(this.recordingFile(domain, name, recording.schemaVersion), recording);
  }

  /** Relative to the repository, as messages name it. */
  recordingPath(domain: string, name: string, version: number): string {
    const [aggregate = '', type = ''] = name.split('/');
    return `domains/${domain}/${aggregate}/recorded/${type}.v${version}.json`;
  }

  private recordingFile(domain: string, name: string, version: number): string {
    return join(this.root, this.recordingPath(domain, name, version));
  }

  private file(domain: string): string {
    return join(this.root, 'domains', domain, 'released-events.json');
  }
}

function write(file: string, content: unknown): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
}
