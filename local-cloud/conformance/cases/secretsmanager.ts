import {
  BatchGetSecretValueCommand,
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetRandomPasswordCommand,
  GetResourcePolicyCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  ListSecretVersionIdsCommand,
  PutResourcePolicyCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  TagResourceCommand,
  UpdateSecretCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { expect } from 'vitest';
import { type Case, type Clients, refusalOf } from '../case.ts';

const service = 'Secrets Manager';

const create = ({ secrets }: Clients, Name: string, SecretString = 'one') =>
  secrets.send(new CreateSecretCommand({ Name, SecretString }));
const put = ({ secrets }: Clients, SecretId: string, SecretString: string, ClientRequestToken?: string) =>
  secrets.send(new PutSecretValueCommand({ SecretId, SecretString, ClientRequestToken }));
const read = async ({ secrets }: Clients, SecretId: string, VersionStage?: string) =>
  (await secrets.send(new GetSecretValueCommand({ SecretId, VersionStage }))).SecretString;

export const secretsManagerCases: Case[] = [
  {
    service,
    name: 'a new value takes AWSCURRENT, and the one before it AWSPREVIOUS',
    operations: ['CreateSecret', 'PutSecretValue', 'GetSecretValue'],
    async run(clients) {
      const name = clients.name();
      await create(clients, name);
      await put(clients, name, 'two');
      expect(await read(clients, name)).toBe('two');
      expect(await read(clients, name, 'AWSPREVIOUS')).toBe('one');
    },
  },
  {
    service,
    name: 'a value that is put twice with one token is one version, and another one is refused',
    operations: ['PutSecretValue', 'ListSecretVersionIds'],
    async run(clients) {
      const name = clients.name();
      await create(clients, name);
      const token = 'b'.repeat(32);
      await put(clients, name, 'two', token);
      await put(clients, name, 'two', token);
      const { Versions } = await clients.secrets.send(new ListSecretVersionIdsCommand({ SecretId: name }));
      expect(Versions).toHaveLength(2);
      expect(await refusalOf(put(clients, name, 'other', token))).toBe('ResourceExistsException');
    },
  },
  {
    service,
    name: 'AWSCURRENT moves back when the version that has it is named',
    operations: ['UpdateSecretVersionStage'],
    settled:
      'AWSPREVIOUS goes to the version that AWSCURRENT leaves: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html',
    async run(clients) {
      const name = clients.name();
      const { VersionId: first } = await create(clients, name);
      const { VersionId: second } = await put(clients, name, 'two');
      await clients.secrets.send(
        new UpdateSecretVersionStageCommand({
          ...{ SecretId: name, VersionStage: 'AWSCURRENT' },
          ...{ MoveToVersionId: first, RemoveFromVersionId: second },
        }),
      );
      expect(await read(clients, name)).toBe('one');
      expect(await read(clients, name, 'AWSPREVIOUS')).toBe('two');
    },
  },
  {
    service,
    name: 'a description and tags are told without the value',
    operations: ['UpdateSecret', 'TagResource', 'DescribeSecret', 'ListSecrets'],
    async run(clients) {
      const SecretId = clients.name();
      await create(clients, SecretId);
      await clients.secrets.send(new UpdateSecretCommand({ SecretId, Description: 'of orders' }));
      const Tags = [{ Key: 'team', Value: 'a' }];
      await clients.secrets.send(new TagResourceCommand({ SecretId, Tags }));
      const told = await clients.secrets.send(new DescribeSecretCommand({ SecretId }));
      expect(told).toMatchObject({ Name: SecretId, Description: 'of orders', Tags });
      const Filters = [{ Key: 'name' as const, Values: [SecretId] }];
      const { SecretList } = await clients.secrets.send(new ListSecretsCommand({ Filters }));
      expect(SecretList?.map(({ Name }) => Name)).toContain(SecretId);
    },
  },
  {
    service,
    name: 'a secret that is deleted cannot be read until it is restored',
    operations: ['DeleteSecret', 'RestoreSecret', 'GetSecretValue'],
    async run(clients) {
      const SecretId = clients.name();
      await create(clients, SecretId);
      await clients.secrets.send(new DeleteSecretCommand({ SecretId, RecoveryWindowInDays: 7 }));
      expect(await refusalOf(read(clients, SecretId))).toBe('InvalidRequestException');
      await clients.secrets.send(new RestoreSecretCommand({ SecretId }));
      expect(await read(clients, SecretId)).toBe('one');
    },
  },
  {
    service,
    name: 'a window of fewer than seven days is refused',
    operations: ['DeleteSecret'],
    async run(clients) {
      const SecretId = clients.name();
      await create(clients, SecretId);
      const remove = clients.secrets.send(new DeleteSecretCommand({ SecretId, RecoveryWindowInDays: 6 }));
      expect(await refusalOf(remove)).toBe('InvalidParameterException');
    },
  },
  {
    service,
    name: 'several values are read at once, with an error for what is not there',
    operations: ['BatchGetSecretValue'],
    async run(clients) {
      const [name, none] = [clients.name(), clients.name()];
      await create(clients, name);
      const { SecretValues, Errors } = await clients.secrets.send(
        new BatchGetSecretValueCommand({ SecretIdList: [name, none] }),
      );
      expect(SecretValues).toMatchObject([{ Name: name, SecretString: 'one' }]);
      expect(Errors).toMatchObject([{ SecretId: none, ErrorCode: 'ResourceNotFoundException' }]);
    },
  },
  {
    service,
    name: 'a random password is as long as it is to be and has nothing that is excluded',
    operations: ['GetRandomPassword'],
    async run({ secrets }) {
      const { RandomPassword } = await secrets.send(
        new GetRandomPasswordCommand({ PasswordLength: 50, ExcludePunctuation: true, ExcludeNumbers: true }),
      );
      expect(RandomPassword).toMatch(/^[a-zA-Z]{50}$/u);
    },
  },
  {
    service,
    name: 'a policy is kept as it was put, and one that is no JSON is refused',
    operations: ['PutResourcePolicy', 'GetResourcePolicy'],
    settled:
      'MalformedPolicyDocumentException: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutResourcePolicy.html',
    async run(clients) {
      const SecretId = clients.name();
      const { ARN } = await create(clients, SecretId);
      const policy = (ResourcePolicy: string) =>
        clients.secrets.send(new PutResourcePolicyCommand({ SecretId, ResourcePolicy }));
      const statement = {
        ...{ Effect: 'Allow', Principal: { AWS: ARN?.replace(/^.*:(\d{12}):.*$/u, 'arn:aws:iam::$1:root') } },
        ...{ Action: 'secretsmanager:GetSecretValue', Resource: '*' },
      };
      const document = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
      await policy(document);
      const told = await clients.secrets.send(new GetResourcePolicyCommand({ SecretId }));
      expect(JSON.parse(told.ResourcePolicy ?? '')).toEqual(JSON.parse(document));
      expect(await refusalOf(policy('no json'))).toBe('MalformedPolicyDocumentException');
    },
  },
  {
    service,
    name: 'what is not there, and what is there already, is refused by name',
    operations: ['GetSecretValue', 'CreateSecret'],
    async run(clients) {
      const name = clients.name();
      expect(await refusalOf(read(clients, name))).toBe('ResourceNotFoundException');
      await create(clients, name);
      expect(await refusalOf(create(clients, name))).toBe('ResourceExistsException');
    },
  },
];
