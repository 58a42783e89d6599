import { expressProblem, resourceProblem } from '../task-resources.ts';
import { type Findings, isObject } from './diagnostic.ts';
import { checkCatchers, checkRetriers } from './failures.ts';
import { type CheckContext, checkMachine } from './machine.ts';
import { checkAssign, checkPath, checkReferencePath, checkTemplate } from './paths.ts';

type State = Record<string, unknown>;

const types = ['Task', 'Parallel', 'Map', 'Pass', 'Wait', 'Choice', 'Succeed', 'Fail'];

/** Fields of distributed Map states, which an inline one may not have. */
const distributed = [
  'ItemReader',
  'ItemBatcher',
  'ResultWriter',
  'ToleratedFailureCount',
  'ToleratedFailureCountPath',
  'ToleratedFailurePercentage',
  'ToleratedFailurePercentagePath',
  'Label',
];

/** Fields that only JSONata has. */
const ofJsonata = ['Arguments', 'Output', 'Items', 'Condition'];

const required: Readonly<Record<string, string>> = {
  Task: 'Resource',
  Choice: 'Choices',
  Parallel: 'Branches',
};

/** Finds what is wrong in one state. `variables` are those that its machine assigns. */
export function checkState(
  state: State,
  location: string,
  context: CheckContext,
  variables: ReadonlySet<string>,
): void {
  const { findings } = context;
  const type = String(state['Type']);
  if (!types.includes(type)) {
    findings.schema(`${location}/Type`, `Value must be one of [${types.join(', ')}]`);
    return;
  }
  if (state['QueryLanguage'] === 'JSONata') {
    findings.unsupported(location, 'JSONata; write it with JSONPath');
    return;
  }
  for (const name of ofJsonata) {
    if (name in state)
      findings.schema(`${location}/${name}`, `Field '${name}' is only supported with JSONata`);
  }
  const missing = required[type];
  if (missing !== undefined && state[missing] === undefined) {
    findings.schema(location, `These fields are required: [${missing}]`);
  }
  checkEnd(state, type, location, findings);
  checkData(state, type, location, findings);
  checkAssign(state['Assign'], `${location}/Assign`, context.outer, findings);
  if (type === 'Task') checkTask(state, location, context);
  if (type === 'Map') checkMap(state, location, findings);
  if (type === 'Choice') checkChoice(state, location, context);
  checkRetriers(state['Retry'], `${location}/Retry`, findings);
  checkCatchers(state['Catch'], `${location}/Catch`, context.outer, findings);
  const inner = { ...context, outer: variables };
  const branches = Array.isArray(state['Branches']) ? (state['Branches'] as unknown[]) : [];
  for (const [index, branch] of branches.entries())
    checkMachine(branch, `${location}/Branches[${index}]`, inner);
  for (const name of ['ItemProcessor', 'Iterator']) {
    if (state[name] !== undefined) checkMachine(state[name], `${location}/${name}`, inner);
  }
}

/** Where a state leads, with the field that says so. */
export function stateTargets(state: State, location: string) {
  const lists = (['Choices', 'Catch'] as const).flatMap((list) =>
    (Array.isArray(state[list]) ? (state[list] as unknown[]) : []).map((each, index) => ({
      field: 'Next',
      place: `${location}/${list}[${index}]/Next`,
      target: isObject(each) ? each['Next'] : undefined,
    })),
  );
  return [
    { field: 'Next', place: `${location}/Next`, target: state['Next'] },
    { field: 'Default', place: `${location}/Default`, target: state['Default'] },
    ...lists,
  ];
}

function checkEnd(state: State, type: string, location: string, findings: Findings): void {
  if (['Choice', 'Succeed', 'Fail'].includes(type)) {
    for (const name of ['Next', 'End']) {
      if (name in state)
        findings.schema(`${location}/${name}`, `Field '${name}' is not supported in a ${type} state`);
    }
    return;
  }
  const isEnd = state['End'] === true;
  if (isEnd && state['Next'] !== undefined)
    findings.schema(location, "Only one of 'Next' and 'End' is allowed");
  if (!isEnd && state['Next'] === undefined)
    findings.schema(location, "One of the fields 'Next' and 'End' is required");
}

function checkData(state: State, type: string, location: string, findings: Findings): void {
  for (const name of ['InputPath', 'OutputPath']) {
    if (state[name] !== undefined && state[name] !== null)
      checkPath(state[name], `${location}/${name}`, findings);
  }
  if (state['ResultPath'] !== undefined && state['ResultPath'] !== null) {
    checkReferencePath(state['ResultPath'], `${location}/ResultPath`, findings);
  }
  for (const name of ['Parameters', 'ResultSelector', 'ItemSelector']) {
    if (state[name] !== undefined) checkTemplate(state[name], `${location}/${name}`, findings);
  }
  if (type === 'Wait') {
    const given = ['Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath'].filter(
      (name) => state[name] !== undefined,
    );
    if (given.length !== 1) {
      findings.schema(
        location,
        "Exactly one of the fields 'Seconds', 'SecondsPath', 'Timestamp' and 'TimestampPath' is required",
      );
    }
  }
  const paths = Object.keys(state).filter((name) =>
    /(?:Seconds|Timestamp|MaxConcurrency|Items)Path$/u.test(name),
  );
  for (const name of paths) checkPath(state[name], `${location}/${name}`, findings);
  for (const name of ['ErrorPath', 'CausePath']) {
    if (state[name] !== undefined) checkPath(state[name], `${location}/${name}`, findings, true);
  }
}

function checkTask(state: State, location: string, { findings, type, sdkServices }: CheckContext): void {
  if ('Credentials' in state) findings.unsupported(`${location}/Credentials`, 'Credentials of a task');
  const { Resource: resource, TimeoutSeconds: timeout, HeartbeatSeconds: heartbeat } = state;
  if (typeof resource === 'string') {
    const place = `${location}/Resource`;
    const express = type === 'EXPRESS' ? expressProblem(resource) : undefined;
    const problem = resource.startsWith('arn:')
      ? (express ?? resourceProblem(resource, sdkServices))
      : 'Value is not a valid resource ARN';
    if (problem !== undefined) findings.schema(place, problem);
  }
  for (const name of ['TimeoutSeconds', 'HeartbeatSeconds']) {
    const given = state[name];
    const isRight = typeof given === 'number' && Number.isInteger(given) && given >= 1 && given <= 99_999_999;
    if (given !== undefined && !isRight)
      findings.schema(`${location}/${name}`, 'Value must be an integer from 1 to 99999999');
    if (given !== undefined && state[`${name}Path`] !== undefined) {
      findings.schema(location, `Only one of '${name}' and '${name}Path' is allowed`);
    }
  }
  if (typeof timeout === 'number' && typeof heartbeat === 'number' && heartbeat >= timeout) {
    findings.schema(`${location}/HeartbeatSeconds`, 'HeartbeatSeconds must be smaller than TimeoutSeconds');
  }
}

function checkMap(state: State, location: string, findings: Findings): void {
  for (const name of distributed) {
    if (name in state) findings.unsupported(`${location}/${name}`, `${name} (distributed Map)`);
  }
  if (state['ItemProcessor'] === undefined && state['Iterator'] === undefined) {
    findings.schema(location, 'These fields are required: [ItemProcessor]');
  }
}

function checkChoice(state: State, location: string, { outer, findings }: CheckContext): void {
  const rules = state['Choices'];
  if (rules === undefined) return;
  if (!Array.isArray(rules) || rules.length === 0) {
    findings.schema(`${location}/Choices`, 'The value must be a list with at least one rule');
    return;
  }
  for (const [index, rule] of (rules as unknown[]).entries()) {
    const place = `${location}/Choices[${index}]`;
    if (!isObject(rule)) findings.schema(place, 'The value must be an object');
    else if (typeof rule['Next'] !== 'string') findings.schema(place, 'These fields are required: [Next]');
    else {
      checkAssign(rule['Assign'], `${place}/Assign`, outer, findings);
      checkVariables(rule, place, findings);
    }
  }
}

function checkVariables(rule: State, place: string, findings: Findings): void {
  if (rule['Variable'] !== undefined) checkPath(rule['Variable'], `${place}/Variable`, findings);
  for (const name of ['And', 'Or']) {
    const list = Array.isArray(rule[name]) ? (rule[name] as unknown[]) : [];
    for (const [index, each] of list.entries()) {
      if (isObject(each)) checkVariables(each, `${place}/${name}[${index}]`, findings);
    }
  }
  if (isObject(rule['Not'])) checkVariables(rule['Not'], `${place}/Not`, findings);
}
