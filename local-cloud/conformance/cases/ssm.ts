import {
  AddTagsToResourceCommand,
  DeleteParameterCommand,
  DeleteParametersCommand,
  DescribeParametersCommand,
  GetParameterCommand,
  GetParameterHistoryCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  LabelParameterVersionCommand,
  ListTagsForResourceCommand,
  PutParameterCommand,
  type PutParameterCommandInput,
  UnlabelParameterVersionCommand,
} from '@aws-sdk/client-ssm';
import { expect } from 'vitest';
import { type Case, type Clients, refusalOf } from '../case.ts';

const service = 'Parameter Store';

const put = ({ ssm }: Clients, Name: string, Value: string, more: Partial<PutParameterCommandInput> = {}) =>
  ssm.send(new PutParameterCommand({ Name, Value, Type: 'String', ...more }));
const get = async ({ ssm }: Clients, Name: string, WithDecryption = false) =>
  (await ssm.send(new GetParameterCommand({ Name, WithDecryption }))).Parameter;

export const ssmCases: Case[] = [
  {
    service,
    name: 'a parameter is overwritten with a new version only where that is asked for',
    operations: ['PutParameter', 'GetParameter'],
    settled:
      'Selector tells by what it was chosen: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_Parameter.html',
    async run(clients) {
      const name = `/${clients.name()}`;
      expect((await put(clients, name, 'one')).Version).toBe(1);
      expect(await refusalOf(put(clients, name, 'two'))).toBe('ParameterAlreadyExists');
      expect((await put(clients, name, 'two', { Overwrite: true })).Version).toBe(2);
      expect(await get(clients, name)).toMatchObject({ Value: 'two', Version: 2, Type: 'String' });
      expect(await get(clients, `${name}:1`)).toMatchObject({ Value: 'one', Selector: ':1' });
    },
  },
  {
    service,
    name: 'a secure parameter tells its value only with decryption',
    operations: ['PutParameter', 'GetParameter'],
    async run(clients) {
      const name = `/${clients.name()}`;
      await put(clients, name, 'hidden', { Type: 'SecureString' });
      expect((await get(clients, name))?.Value).not.toBe('hidden');
      expect((await get(clients, name, true))?.Value).toBe('hidden');
    },
  },
  {
    service,
    name: 'several are read at once, and those that are not there are told',
    operations: ['GetParameters', 'DeleteParameters'],
    async run(clients) {
      const [name, none] = [`/${clients.name()}`, `/${clients.name()}`];
      await put(clients, name, 'one');
      const read = await clients.ssm.send(new GetParametersCommand({ Names: [name, none] }));
      expect(read).toMatchObject({ Parameters: [{ Name: name }], InvalidParameters: [none] });
      const deleted = await clients.ssm.send(new DeleteParametersCommand({ Names: [name, none] }));
      expect(deleted).toMatchObject({ DeletedParameters: [name], InvalidParameters: [none] });
    },
  },
  {
    service,
    name: 'a path holds what is directly below it, and all that is below it where that is asked for',
    operations: ['GetParametersByPath'],
    async run(clients) {
      const path = `/${clients.name()}`;
      for (const name of [`${path}/a`, `${path}/b/c`, `${path}s/d`]) await put(clients, name, 'v');
      const namesIn = async (Recursive: boolean) => {
        const { Parameters } = await clients.ssm.send(
          new GetParametersByPathCommand({ Path: path, Recursive }),
        );
        return Parameters?.map(({ Name }) => Name).sort();
      };
      expect(await namesIn(false)).toEqual([`${path}/a`]);
      expect(await namesIn(true)).toEqual([`${path}/a`, `${path}/b/c`]);
    },
  },
  {
    service,
    name: 'a path is told page by page',
    operations: ['GetParametersByPath'],
    async run(clients) {
      const Path = `/${clients.name()}`;
      for (const part of ['a', 'b', 'c']) await put(clients, `${Path}/${part}`, 'v');
      const page = (NextToken?: string) =>
        clients.ssm.send(new GetParametersByPathCommand({ Path, MaxResults: 2, NextToken }));
      const first = await page();
      const second = await page(first.NextToken);
      expect([first.Parameters?.length, second.Parameters?.length]).toEqual([2, 1]);
      expect(second.NextToken).toBeUndefined();
    },
  },
  {
    service,
    name: 'a label names a version and moves to another',
    operations: ['LabelParameterVersion', 'UnlabelParameterVersion', 'GetParameterHistory'],
    async run(clients) {
      const Name = `/${clients.name()}`;
      await put(clients, Name, 'one');
      await put(clients, Name, 'two', { Overwrite: true });
      const label = (ParameterVersion: number) =>
        clients.ssm.send(new LabelParameterVersionCommand({ Name, ParameterVersion, Labels: ['live'] }));
      await label(1);
      await label(2);
      expect((await get(clients, `${Name}:live`))?.Value).toBe('two');
      const { Parameters } = await clients.ssm.send(new GetParameterHistoryCommand({ Name }));
      expect(Parameters).toMatchObject([{ Version: 1 }, { Version: 2, Labels: ['live'] }]);
      const { RemovedLabels } = await clients.ssm.send(
        new UnlabelParameterVersionCommand({ Name, ParameterVersion: 2, Labels: ['live'] }),
      );
      expect(RemovedLabels).toEqual(['live']);
    },
  },
  {
    service,
    name: 'a label that AWS keeps for itself is told as invalid',
    operations: ['LabelParameterVersion'],
    async run(clients) {
      const Name = `/${clients.name()}`;
      await put(clients, Name, 'one');
      const { InvalidLabels } = await clients.ssm.send(
        new LabelParameterVersionCommand({ Name, Labels: ['aws-mine', '1st'] }),
      );
      expect(InvalidLabels?.sort()).toEqual(['1st', 'aws-mine']);
    },
  },
  {
    service,
    name: 'filters choose by type and by the beginning of the name',
    operations: ['DescribeParameters'],
    async run(clients) {
      const path = `/${clients.name()}`;
      await put(clients, `${path}/a`, 'v');
      await put(clients, `${path}/b`, 'v,w', { Type: 'StringList' });
      const { Parameters } = await clients.ssm.send(
        new DescribeParametersCommand({
          ParameterFilters: [
            { Key: 'Name', Option: 'BeginsWith', Values: [path] },
            { Key: 'Type', Values: ['StringList'] },
          ],
        }),
      );
      expect(Parameters?.map(({ Name }) => Name)).toEqual([`${path}/b`]);
    },
  },
  {
    service,
    name: 'tags are listed',
    operations: ['AddTagsToResource', 'ListTagsForResource'],
    async run(clients) {
      const ResourceId = `/${clients.name()}`;
      const of = { ResourceType: 'Parameter', ResourceId } as const;
      await put(clients, ResourceId, 'v');
      const Tags = [{ Key: 'team', Value: 'a' }];
      await clients.ssm.send(new AddTagsToResourceCommand({ ...of, Tags }));
      expect((await clients.ssm.send(new ListTagsForResourceCommand(of))).TagList).toEqual(Tags);
    },
  },
  {
    service,
    name: 'what is not there, not that version, and not of the pattern is refused by name',
    operations: ['GetParameter', 'DeleteParameter', 'PutParameter'],
    settled:
      'PutParameter checks AllowedPattern: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html',
    async run(clients) {
      const name = `/${clients.name()}`;
      expect(await refusalOf(get(clients, name))).toBe('ParameterNotFound');
      const remove = clients.ssm.send(new DeleteParameterCommand({ Name: name }));
      expect(await refusalOf(remove)).toBe('ParameterNotFound');
      await put(clients, name, '1');
      expect(await refusalOf(get(clients, `${name}:9`))).toBe('ParameterVersionNotFound');
      const other = put(clients, `${name}x`, 'x', { AllowedPattern: '^\\d+$' });
      expect(await refusalOf(other)).toBe('ParameterPatternMismatchException');
    },
  },
  {
    service,
    name: 'a hierarchy has at most fifteen levels',
    operations: ['PutParameter'],
    settled:
      'HierarchyLevelLimitExceededException: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html',
    async run(clients) {
      const deep = put(clients, `/${clients.name()}${'/x'.repeat(15)}`, 'v');
      expect(await refusalOf(deep)).toBe('HierarchyLevelLimitExceededException');
    },
  },
];
