import { randomBytes } from 'node:crypto';
import {
  type Access,
  administrator,
  type Caller,
  type Credentials,
  type Identity,
  type Wanted,
} from '../../core/access.ts';
import type { Cloud } from '../../core/cloud.ts';
import { AwsError } from '../../core/errors.ts';
import { decide } from './decision.ts';
import type { Denials } from './denials.ts';
import type { ResourcePolicies } from './resource-policies.ts';
import type { Roles } from './roles.ts';
import type { Usage } from './usage.ts';

/** What decides: roles with their policies, policies of resources; and what takes note of it. */
export interface AccessParts {
  readonly roles: Roles;
  readonly resourcePolicies: ResourcePolicies;
  readonly usage: Usage;
  readonly denials: Denials;
}

/** Enforces the policies of the Terraform as AWS would. */
export function createAccess(cloud: Cloud, { roles, resourcePolicies, usage, denials }: AccessParts): Access {
  const sessions = new Map<string, Identity>();
  const assumed = new Map<string, Credentials>();

  function requireOne(caller: Caller, wanted: Wanted): void {
    const role = caller.type === 'role' ? roles.byArn(caller.roleArn) : undefined;
    const policies = {
      identity: role && roles.statementsOf(role),
      resource: resourcePolicies.of(wanted.resource),
    };
    const decision = decide(caller, wanted, policies, contextOf(cloud, caller, wanted));
    if (decision.allowed) {
      if (role && decision.by) usage.note(role.name, decision.by);
      return;
    }
    const who = nameOf(cloud, caller);
    denials.note({ who, ...wanted, reason: decision.reason });
    const what = `is not authorized to perform: ${wanted.action}`;
    const where = wanted.resource === '*' ? '' : ` on resource: ${wanted.resource}`;
    throw new AwsError('AccessDeniedException', `User: ${who} ${what}${where} ${decision.reason}`, 403, {
      queryErrorCode: 'AccessDenied',
    });
  }

  return {
    require(caller, ...wanted) {
      for (const each of wanted) requireOne(caller, each);
    },
    requireTrust(roleArn, service) {
      const role = roles.byArn(roleArn);
      if (!role) throw new AwsError('InvalidParameterValueException', `The role ${roleArn} does not exist.`);
      const caller: Caller = { type: 'service', service, sourceArn: '' };
      const wanted = { action: 'sts:AssumeRole', resource: roleArn };
      const policies = { identity: undefined, resource: role.trust };
      if (decide(caller, wanted, policies, contextOf(cloud, caller, wanted)).allowed) return;
      throw new AwsError(
        'InvalidParameterValueException',
        `The role ${roleArn} cannot be assumed by ${service}: its trust policy does not name it.`,
      );
    },
    assume(roleArn, session) {
      const name = `${roleArn} ${session}`;
      const standing = assumed.get(name);
      if (standing) return standing;
      const credentials = newCredentials();
      const { accessKeyId, secretAccessKey, sessionToken } = credentials;
      assumed.set(name, credentials);
      sessions.set(accessKeyId, {
        caller: { type: 'role', roleArn, session },
        secretAccessKey,
        sessionToken,
      });
      return credentials;
    },
    addPolicies: (service, policyOf) => resourcePolicies.addSource(service, policyOf),
    identityOf(accessKeyId) {
      const session = sessions.get(accessKeyId);
      if (session || accessKeyId.startsWith('ASIA')) return session;
      return { caller: administrator, secretAccessKey: accessKeyId };
    },
  };
}

/** As IAM spells an ARN of who asks. */
export function nameOf({ accountId }: Pick<Cloud, 'accountId'>, caller: Caller): string {
  switch (caller.type) {
    case 'administrator':
      return `arn:aws:iam::${accountId}:root`;
    case 'role':
      return sessionArn(caller);
    case 'service':
      return caller.service;
    case 'anonymous':
      return 'anonymous';
  }
}

function sessionArn({ roleArn, session }: Caller & { type: 'role' }): string {
  const name = roleArn.slice(roleArn.lastIndexOf('/') + 1);
  return `${roleArn.replace(/^arn:aws:iam:/u, 'arn:aws:sts:').replace(/:role\/.*$/u, '')}:assumed-role/${name}/${session}`;
}

function contextOf(cloud: Cloud, caller: Caller, { context = {} }: Wanted) {
  const given = Object.fromEntries(Object.entries(context).map(([key, value]) => [key.toLowerCase(), value]));
  const now = new Date();
  return {
    'aws:principalaccount': cloud.accountId,
    'aws:requestedregion': cloud.region,
    // The endpoint stands for AWS's, which is reached by TLS alone.
    'aws:securetransport': 'true',
    'aws:currenttime': now.toISOString(),
    'aws:epochtime': String(Math.floor(now.getTime() / 1000)),
    ...(caller.type === 'role'
      ? { 'aws:principalarn': caller.roleArn, 'aws:principalsession': sessionArn(caller) }
      : {}),
    ...(caller.type === 'service'
      ? {
          'aws:principalservicename': caller.service,
          ...(caller.sourceArn === ''
            ? {}
            : { 'aws:sourcearn': caller.sourceArn, 'aws:sourceaccount': cloud.accountId }),
        }
      : {}),
    ...given,
  };
}

/** Of the form of AWS's: clients look at the beginning of a key. */
function newCredentials(): Credentials {
  const letters = [...randomBytes(16)].map((byte) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[byte % 32]).join('');
  return {
    accessKeyId: `ASIA${letters}`,
    secretAccessKey: randomBytes(30).toString('base64'),
    sessionToken: randomBytes(60).toString('base64'),
  };
}
