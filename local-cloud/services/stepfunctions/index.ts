import type { CreateService } from '../../core/service.ts';
import { createExecutions } from './executions.ts';
import { type Machines, machineOf } from './machines.ts';
import { createOperations } from './operations.ts';
import { stateMachineResource } from './resources.ts';
import { stateMachinesView } from './views.ts';
import { wantedOfStates } from './wanted.ts';

/** AWS Step Functions: state machines in JSONPath and their executions. Owns the port `stateMachines`. */
export const createStepFunctions: CreateService = (cloud) => {
  const state = cloud.state.namespace('stepfunctions');
  const machines: Machines = new Map();
  const executions = createExecutions(cloud, state, machines);

  cloud.ports.stateMachines = {
    async start(arn, input, options) {
      const { arn: executionArn } = await executions.start(machineOf(machines, arn), input, options);
      return { executionArn };
    },
  };

  return {
    signingNames: ['states'],
    resources: { aws_sfn_state_machine: stateMachineResource(cloud, state, machines) },
    views: [stateMachinesView(machines, executions)],
    wanted: wantedOfStates,
    operations: createOperations(machines, executions),
    resume: () => executions.resume(),
    stop: () => executions.shutDown(),
  };
};
