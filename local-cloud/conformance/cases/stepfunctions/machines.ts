import {
  DeleteStateMachineCommand,
  DescribeStateMachineCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateStateMachineCommand,
  ValidateStateMachineDefinitionCommand,
} from '@aws-sdk/client-sfn';
import { expect } from 'vitest';
import { type Case, refusalOf } from '../../case.ts';
import { machine, one, pass, service } from './play.ts';

/** State machines themselves. */
export const machines: Case[] = [
  {
    service,
    name: 'a machine is created, described, changed and deleted',
    operations: ['CreateStateMachine', 'DescribeStateMachine', 'UpdateStateMachine', 'DeleteStateMachine'],
    async run(clients) {
      const { states } = clients;
      const stateMachineArn = await machine(clients, pass({}));
      expect(await states.send(new DescribeStateMachineCommand({ stateMachineArn }))).toMatchObject({
        status: 'ACTIVE',
        type: 'STANDARD',
        definition: JSON.stringify(pass({})),
        roleArn: clients.role,
      });
      const definition = JSON.stringify(pass({ Result: 2 }));
      const { updateDate } = await states.send(
        new UpdateStateMachineCommand({ stateMachineArn, definition }),
      );
      expect(updateDate).toBeInstanceOf(Date);
      expect(await states.send(new DescribeStateMachineCommand({ stateMachineArn }))).toMatchObject({
        definition,
      });
      await states.send(new DeleteStateMachineCommand({ stateMachineArn }));
      expect(await refusalOf(states.send(new DescribeStateMachineCommand({ stateMachineArn })))).toBe(
        'StateMachineDoesNotExist',
      );
    },
  },
  {
    service,
    name: 'tags are put, listed and taken away',
    operations: ['TagResource', 'ListTagsForResource', 'UntagResource'],
    async run(clients) {
      const { states } = clients;
      const resourceArn = await machine(clients, pass({}), { tags: [{ key: 'a', value: '1' }] });
      await states.send(new TagResourceCommand({ resourceArn, tags: [{ key: 'b', value: '2' }] }));
      const tagsNow = async () => (await states.send(new ListTagsForResourceCommand({ resourceArn }))).tags;
      expect(await tagsNow()).toEqual([
        { key: 'a', value: '1' },
        { key: 'b', value: '2' },
      ]);
      await states.send(new UntagResourceCommand({ resourceArn, tagKeys: ['a'] }));
      expect(await tagsNow()).toEqual([{ key: 'b', value: '2' }]);
    },
  },
  {
    service,
    name: 'a definition with a target that is not there is refused',
    operations: ['CreateStateMachine'],
    settled:
      'InvalidDefinition: https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html',
    async run(clients) {
      expect(await refusalOf(machine(clients, one({ Type: 'Pass', Next: 'Gone' })))).toBe(
        'InvalidDefinition',
      );
    },
  },
  {
    service,
    name: 'a definition is validated, and what is wrong has its place',
    operations: ['ValidateStateMachineDefinition'],
    settled:
      'https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinition.html',
    async run({ states }) {
      const check = (definition: object) =>
        states.send(new ValidateStateMachineDefinitionCommand({ definition: JSON.stringify(definition) }));
      expect(await check(pass({}))).toMatchObject({ result: 'OK', diagnostics: [] });
      expect(await check({ States: pass({}).States })).toMatchObject({
        result: 'FAIL',
        diagnostics: [
          {
            severity: 'ERROR',
            code: 'SCHEMA_VALIDATION_FAILED',
            location: '/',
            message: 'These fields are required: [StartAt]',
          },
        ],
      });
    },
  },
];
