import type { Cloud } from '../../core/cloud.ts';
import { notSupported } from '../../core/errors.ts';
import type { Operation } from '../../core/service.ts';
import type { StateNamespace } from '../../core/state.ts';
import type { Executions } from './executions.ts';
import { activityOperations } from './operations/activities.ts';
import { aliasOperations } from './operations/aliases.ts';
import { executionOperations } from './operations/executions.ts';
import { machineOperations } from './operations/machines.ts';
import { tagOperations } from './operations/tags.ts';
import { testStateOperations } from './operations/test-state.ts';
import type { Registry } from './registry.ts';
import type { ActivityTasks, TaskTokens } from './waiting-tasks.ts';

/** What the API of Step Functions works with. */
export interface Parts {
  cloud: Cloud;
  state: StateNamespace;
  registry: Registry;
  executions: Executions;
  tokens: TaskTokens;
  activities: ActivityTasks;
}

/** The API of Step Functions. */
export function createOperations(parts: Parts): Record<string, Operation> {
  return {
    ...machineOperations(parts),
    ...aliasOperations(parts),
    ...executionOperations(parts),
    ...activityOperations(parts),
    ...tagOperations(parts),
    ...testStateOperations(parts),
    ...unsupported('DescribeMapRun', 'UpdateMapRun'),
  };
}

/** Map runs are those of distributed Map states, of which there are none. */
function unsupported(...names: string[]): Record<string, Operation> {
  return Object.fromEntries(
    names.map((name): [string, Operation] => [
      name,
      async () => {
        throw notSupported('states', name);
      },
    ]),
  );
}
