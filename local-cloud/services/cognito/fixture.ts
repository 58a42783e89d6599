import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { administrator } from '../../core/access.ts';
import { AwsError } from '../../core/errors.ts';
import type { Attributes, AwsRequest, Service } from '../../core/service.ts';
import { createTestCloud, type TestCloud, testResource } from '../../core/testing.ts';
import { createCognito } from './index.ts';

/** A user pool in a cloud of its own, for tests. */
export interface TestPool {
  cloud: TestCloud;
  service: Service;
  poolId: string;
  clientId: string;
  issuer: string;
  /** Calls an operation by name. */
  call(operation: string, input?: Attributes): Promise<Attributes>;
  /** Adds a user with a permanent password, and groups. */
  addUser(email: string, password: string, groups?: string[]): Promise<string>;
  /** What was sent to an address, the newest first, as the page shows it. */
  mailTo(address: string): Promise<{ subject: string; text: string }[]>;
  /** The code in the newest message to an address. */
  codeSentTo(address: string): Promise<string>;
}

export const testPassword = 'Correct-Horse-9';

/** A pool with one client and two groups; `after` a restart it is the same as before. */
export async function createTestPool(
  options: { pool?: Attributes; client?: Attributes; cloud?: TestCloud; after?: TestPool } = {},
): Promise<TestPool> {
  const cloud = options.cloud ?? createTestCloud();
  const service = await createWithSharedKeys(cloud);
  const apply = async (type: string, name: string, desired: Attributes, id?: string) => {
    const handler = service.resources[type];
    if (!handler) throw new Error(`no handler for ${type}`);
    return handler.apply(testResource(type, name, desired), id ? { ...desired, id } : undefined);
  };
  const { after } = options;
  const settings = {
    name: 'users',
    username_attributes: ['email'],
    admin_create_user_config: { allow_admin_create_user_only: true },
    password_policy: {
      minimum_length: 12,
      require_lowercase: true,
      require_numbers: true,
      require_symbols: true,
    },
    schema: [{ name: 'tenant', attribute_data_type: 'String', mutable: false }],
    ...options.pool,
  };
  const pool = await apply('aws_cognito_user_pool', 'users', settings, after?.poolId);
  const poolId = String(pool['id']);
  const clientSettings = {
    name: 'console',
    user_pool_id: poolId,
    explicit_auth_flows: [
      'ALLOW_USER_SRP_AUTH',
      'ALLOW_USER_PASSWORD_AUTH',
      'ALLOW_ADMIN_USER_PASSWORD_AUTH',
      'ALLOW_REFRESH_TOKEN_AUTH',
    ],
    ...options.client,
  };
  const client = await apply('aws_cognito_user_pool_client', 'console', clientSettings, after?.clientId);
  for (const name of ['admin', 'operator']) {
    await apply('aws_cognito_user_group', name, { name, user_pool_id: poolId });
  }
  const call = async (operation: string, input: Attributes = {}): Promise<Attributes> => {
    const run = service.operations?.[operation];
    if (!run) throw new Error(`no operation ${operation}`);
    return { ...(await run(input, emptyRequest)) };
  };
  const mailTo = (address: string) => mailIn(service, address);
  return {
    cloud,
    service,
    poolId,
    mailTo,
    codeSentTo: async (address) => /\d{6}/.exec((await mailTo(address))[0]?.text ?? '')?.[0] ?? 'no code',
    clientId: String(client['id']),
    issuer: `https://${String(pool['endpoint'])}`,
    call,
    async addUser(email, password, groups = []) {
      const UserPoolId = poolId;
      const UserAttributes = [{ Name: 'custom:tenant', Value: 'acme' }];
      const created = await call('AdminCreateUser', { UserPoolId, Username: email, UserAttributes });
      await call('AdminSetUserPassword', {
        UserPoolId,
        Username: email,
        Password: password,
        Permanent: true,
      });
      for (const GroupName of groups) {
        await call('AdminAddUserToGroup', { UserPoolId, Username: email, GroupName });
      }
      return String((created['User'] as Attributes)['Username']);
    },
  };
}

/** Opens every message of the mailbox to an address, as a person with a browser does. */
async function mailIn(service: Service, address: string): Promise<{ subject: string; text: string }[]> {
  const view = service.views?.find(({ id }) => id === 'mailbox');
  const list = await view?.show(new URLSearchParams({ to: address }));
  const table = list?.find((block) => block.kind === 'table');
  const links = (table?.rows ?? []).map(([when]) => (typeof when === 'object' ? (when.to ?? '') : ''));
  const opened = await Promise.all(
    links.map((link) => view?.show(new URL(link, 'http://127.0.0.1').searchParams)),
  );
  return opened.map((blocks = []) => ({
    subject: blocks.find((block) => block.kind === 'fields')?.title ?? '',
    text: blocks.find((block) => block.kind === 'text')?.text ?? '',
  }));
}

let sharedKeys: string | undefined;

/** Making keys takes most of a second, and no test depends on having its own. */
async function createWithSharedKeys(cloud: TestCloud): Promise<Service> {
  const path = join(cloud.dataDirectory, 'cognito', 'keys.json');
  if (sharedKeys && !existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, sharedKeys, { mode: 0o600 });
  }
  const service = await createCognito(cloud);
  sharedKeys ??= readFileSync(path, 'utf8');
  return service;
}

const emptyRequest: AwsRequest = {
  method: 'POST',
  path: '/',
  query: new URLSearchParams(),
  headers: {},
  body: Buffer.alloc(0),
  region: 'us-east-1',
  caller: administrator,
};

/** Answers every trigger of a pool by `answer`, which may throw; what it was called with is kept in order. */
export function answerTriggers(
  { cloud }: TestPool,
  answer: (event: TriggerEvent) => Attributes,
): TriggerEvent[] {
  const events: TriggerEvent[] = [];
  cloud.ports.functions = {
    invoke: async (_arn, payload) => {
      const event = payload as TriggerEvent;
      events.push(event);
      try {
        return { payload: { ...event, response: answer(event) }, requestId: 'r' };
      } catch (error) {
        const errorMessage = (error as Error).message;
        return { payload: { errorMessage }, functionError: 'Unhandled', requestId: 'r' };
      }
    },
    enqueue: async () => undefined,
  };
  return events;
}

export interface TriggerEvent {
  version: string;
  triggerSource: string;
  userName: string;
  callerContext: { clientId: string };
  request: Attributes;
  response: Attributes;
}

/** The operations behind AWS JSON 1.1 on a free port of this machine, as little as a client needs. */
export async function serveOperations(service: Service): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
      const input = JSON.parse(Buffer.concat(parts).toString('utf8')) as Attributes;
      const answer = (status: number, body: object) => {
        response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
        response.end(JSON.stringify(body));
      };
      const run = service.operations?.[operation];
      if (!run) return answer(400, { __type: 'UnknownOperationException', message: operation });
      run(input, emptyRequest).then(
        (output) => answer(200, output ?? {}),
        (error: unknown) => {
          const { code, message, status } =
            error instanceof AwsError ? error : new AwsError('InternalFailure', String(error), 500);
          answer(status, { __type: code, message });
        },
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, server };
}
