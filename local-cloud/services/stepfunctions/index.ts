import type { CreateService } from '../../core/service.ts';
import { createExecutions } from './executions.ts';
import { createOperations } from './operations.ts';
import { openRegistry } from './registry.ts';
import { stepFunctionsResources } from './resources.ts';
import { stateMachinesView } from './views.ts';
import { ActivityTasks, TaskTokens } from './waiting-tasks.ts';
import { wantedOfStates } from './wanted.ts';

/** AWS Step Functions: state machines in JSONPath and their executions. Owns the port `stateMachines`. */
export const createStepFunctions: CreateService = async (cloud) => {
  const state = cloud.state.namespace('stepfunctions');
  const registry = await openRegistry(state);
  const tokens = new TaskTokens(state);
  const activities = new ActivityTasks();
  const executions = createExecutions(cloud, state, registry, tokens, activities);

  cloud.ports.stateMachines = {
    async start(arn, input, options) {
      const { machine, ...named } = registry.named(arn);
      const { arn: executionArn } = await executions.start(machine, input, { ...options, ...named });
      return { executionArn };
    },
  };

  return {
    signingNames: ['states'],
    resources: stepFunctionsResources(cloud, state, registry),
    views: [stateMachinesView(registry.machines, executions)],
    wanted: (operation, input) =>
      wantedOfStates(operation, input, `arn:aws:states:${cloud.region}:${cloud.accountId}`),
    operations: createOperations({ cloud, state, registry, executions, tokens, activities }),
    resume: () => executions.resume(),
    stop() {
      activities.stop();
      return executions.shutDown();
    },
  };
};
