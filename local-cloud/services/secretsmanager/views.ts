import { type Cell, timeText, type View } from '../../core/view.ts';
import type { Secret, Secrets } from './secrets.ts';

/** The secrets; a value is never shown. */
export function secretsView(secrets: Secrets, nextRotation: (secret: Secret) => number | undefined): View {
  return {
    id: 'secrets',
    title: 'Secrets',
    about: 'Every secret with its versions and how it is rotated; values stay hidden.',
    show() {
      const all = secrets.all().sort((one, other) => one.name.localeCompare(other.name));
      return [
        {
          kind: 'table',
          title: `Secrets (${all.length})`,
          columns: ['Name', 'State', 'Versions', 'Changed', 'Rotated by', 'Last rotated', 'Next rotation'],
          rows: all.map((secret) => [
            secret.name,
            stateOf(secret),
            secret.versions
              .filter(({ stages }) => stages.length > 0)
              .map(({ versionId, stages }) => `${stages.join(', ')}: ${versionId.slice(0, 8)}`)
              .join('; '),
            timeText(secret.changedAt),
            secret.rotation?.enabled ? (secret.rotation.functionArn.split(':').at(-1) ?? '') : '',
            secret.rotation?.lastAt === undefined ? '' : timeText(secret.rotation.lastAt),
            whenOf(nextRotation(secret)),
          ]),
          empty: 'There is no secret.',
        },
      ];
    },
  };
}

const whenOf = (time: number | undefined) => (time === undefined ? '' : timeText(time));

function stateOf({ deletionAt, rotation, versions }: Secret): Cell {
  if (deletionAt !== undefined) return { text: `goes on ${timeText(deletionAt)}`, tone: 'bad' };
  if (rotation?.underWay) return { text: 'rotating', tone: 'busy' };
  return versions.length === 0 ? { text: 'no value yet', tone: 'quiet' } : { text: 'ready', tone: 'good' };
}
