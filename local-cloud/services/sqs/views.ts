import type { View } from '../../core/view.ts';
import type { Queues } from './queues.ts';

/** The queues with what is in them. */
export function queuesView(queues: Queues): View {
  return {
    id: 'queues',
    title: 'Queues',
    about: 'Every queue with the messages that are in it now.',
    show() {
      const rows = queues.all().map((queue) => {
        const { visible, inFlight, delayed } = queue.count();
        const waiting = visible > 0 ? { text: String(visible), tone: 'busy' as const } : 0;
        return [queue.settings.name, waiting, inFlight, delayed, `${queue.oldestAge()} s`];
      });
      const columns = ['Queue', 'Waiting', 'In flight', 'Delayed', 'Oldest'];
      return [{ kind: 'table', title: 'Queues', columns, rows, empty: 'There is no queue.' }];
    },
  };
}
