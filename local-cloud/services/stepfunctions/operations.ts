import { AwsError, notSupported } from '../../core/errors.ts';
import type { Operation } from '../../core/service.ts';
import { parse, problemOf } from './definition-check.ts';
import type { ExecutionRecord } from './execution-record.ts';
import type { Executions, StartOptions } from './executions.ts';
import { detailsField, type HistoryEvent } from './history.ts';
import { type Machines, machineOf, type StateMachine } from './machines.ts';
import { page, requiredText, textOf } from './values.ts';

/** The API of Step Functions. State machines themselves come from the Terraform. */
export function createOperations(machines: Machines, executions: Executions): Record<string, Operation> {
  const machineIn = (input: Record<string, unknown>) =>
    machineOf(machines, requiredText(input, 'stateMachineArn'));
  const executionIn = async (input: Record<string, unknown>): Promise<ExecutionRecord> => {
    const arn = requiredText(input, 'executionArn');
    if (arn.includes(':express:')) {
      throw new AwsError('InvalidArn', "Invalid Arn: 'Resource type not valid in this context: express'");
    }
    if (!/^arn:[\w-]+:states:[\w-]+:\d{12}:execution:[^:]+:[^:]+$/u.test(arn)) {
      throw new AwsError('InvalidArn', `Invalid Arn: '${arn}'`);
    }
    const record = await executions.find(arn);
    if (!record) throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
    return record;
  };

  return {
    async StartExecution(input, request) {
      const options = startOptions(input, request.headers);
      const record = await executions.start(machineIn(input), textOf(input, 'input') ?? '{}', options);
      return { executionArn: record.arn, startDate: record.startedAt / 1000 };
    },
    async StartSyncExecution(input, request) {
      const machine = machineIn(input);
      if (machine.type === 'STANDARD') throw wrongType();
      const options = startOptions(input, request.headers);
      return describeSync(await executions.startSync(machine, textOf(input, 'input') ?? '{}', options));
    },
    async StopExecution(input) {
      const record = await executionIn(input);
      const stopped = await executions.abort(record.arn, textOf(input, 'error'), textOf(input, 'cause'));
      return { stopDate: ((stopped ?? record).stoppedAt ?? Date.now()) / 1000 };
    },
    async DescribeExecution(input) {
      return describeExecution(await executionIn(input));
    },
    async ListExecutions(input) {
      const machine = machineIn(input);
      if (machine.type === 'EXPRESS') throw wrongType();
      const status = textOf(input, 'statusFilter');
      const all = await executions.list(machine.arn);
      const { items, next } = page(
        all.filter((record) => status === undefined || record.status === status),
        input,
      );
      return { executions: items.map(listed), ...next };
    },
    async GetExecutionHistory(input) {
      const { arn } = await executionIn(input);
      const events = await executions.history(arn);
      const { items, next } = page(
        input['reverseOrder'] === true ? [...events].reverse() : [...events],
        input,
      );
      return { events: items.map(describeEvent), ...next };
    },
    async ListStateMachines(input) {
      const all = [...machines.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
      const { items, next } = page(all, input);
      return { stateMachines: items.map(listedMachine), ...next };
    },
    async DescribeStateMachine(input) {
      return describeMachine(machineIn(input));
    },
    async DescribeStateMachineForExecution(input) {
      const { machineArn, definition } = await executionIn(input);
      const machine = machineOf(machines, machineArn);
      const { creationDate: _, type: __, status: ___, ...shown } = describeMachine(machine);
      return { ...shown, definition: definition ?? machine.text, updateDate: machine.createdAt / 1000 };
    },
    async ListStateMachineVersions(input) {
      machineIn(input);
      return { stateMachineVersions: [] };
    },
    async ValidateStateMachineDefinition(input) {
      return validate(requiredText(input, 'definition'));
    },
    ...unsupported(
      'CreateStateMachine',
      'UpdateStateMachine',
      'DeleteStateMachine',
      'PublishStateMachineVersion',
    ),
    ...unsupported(
      'CreateActivity',
      'GetActivityTask',
      'SendTaskSuccess',
      'SendTaskFailure',
      'SendTaskHeartbeat',
    ),
    ...unsupported('RedriveExecution', 'TestState', 'ListMapRuns', 'DescribeMapRun'),
  };
}

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

function startOptions(input: Record<string, unknown>, headers: Record<string, string>): StartOptions {
  const name = textOf(input, 'name');
  const traceHeader = textOf(input, 'traceHeader') ?? headers['x-amzn-trace-id'];
  return { ...(name === undefined ? {} : { name }), ...(traceHeader === undefined ? {} : { traceHeader }) };
}

function wrongType(): AwsError {
  return new AwsError(
    'StateMachineTypeNotSupported',
    'This operation is not supported by this type of state machine',
  );
}

function validate(text: string): object {
  let problem: string | undefined;
  try {
    problem = problemOf(parse(text), text);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    problem = error.message;
  }
  if (problem === undefined) return { result: 'OK', diagnostics: [], truncated: false };
  const diagnostic = { severity: 'ERROR', code: 'SCHEMA_VALIDATION_FAILED', message: problem };
  return { result: 'FAIL', diagnostics: [diagnostic], truncated: false };
}

function listed(record: ExecutionRecord) {
  return {
    executionArn: record.arn,
    stateMachineArn: record.machineArn,
    name: record.name,
    status: record.status,
    startDate: record.startedAt / 1000,
    ...(record.stoppedAt === undefined ? {} : { stopDate: record.stoppedAt / 1000 }),
    redriveCount: 0,
  };
}

function describeExecution(record: ExecutionRecord) {
  return {
    ...listed(record),
    input: record.input,
    inputDetails: { included: true },
    ...(record.output === undefined ? {} : { output: record.output, outputDetails: { included: true } }),
    ...(record.error === undefined ? {} : { error: record.error, cause: record.cause }),
    traceHeader: record.traceHeader,
    redriveStatus: 'NOT_REDRIVABLE',
    redriveStatusReason: 'The local cloud does not redrive executions.',
  };
}

function describeSync(record: ExecutionRecord) {
  const { redriveCount: _, ...shown } = listed(record);
  return {
    ...shown,
    input: record.input,
    inputDetails: { included: true },
    output: record.output,
    outputDetails: { included: true },
    error: record.error,
    cause: record.cause,
    traceHeader: record.traceHeader,
    billingDetails: {
      billedMemoryUsedInMB: 64,
      billedDurationInMilliseconds: Math.max(
        100,
        Math.ceil(((record.stoppedAt ?? 0) - record.startedAt) / 100) * 100,
      ),
    },
  };
}

function describeEvent({ id, previousEventId, timestamp, type, details }: HistoryEvent) {
  const shown = Object.keys(details).length === 0 ? {} : { [detailsField(type)]: details };
  return { id, previousEventId, timestamp: timestamp / 1000, type, ...shown };
}

function listedMachine(machine: StateMachine) {
  return {
    stateMachineArn: machine.arn,
    name: machine.name,
    type: machine.type,
    creationDate: machine.createdAt / 1000,
  };
}

function describeMachine(machine: StateMachine) {
  const { level, includeExecutionData, destination } = machine.logging;
  return {
    ...listedMachine(machine),
    status: 'ACTIVE',
    definition: machine.text,
    roleArn: machine.roleArn,
    loggingConfiguration: {
      level,
      includeExecutionData,
      ...(destination === undefined
        ? {}
        : { destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: destination } }] }),
    },
    tracingConfiguration: { enabled: machine.tracing },
  };
}
