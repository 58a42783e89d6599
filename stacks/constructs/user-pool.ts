import { type Role, roles } from '#shared/definition/roles.ts';
import { CognitoUserGroup, CognitoUserPool, CognitoUserPoolClient, Construct } from '../cdktf.ts';
import { SkafuStack } from '../skafu-stack.ts';

const groupDescriptions: Readonly<Record<Role, string>> = {
  viewer: 'Reads everything but users and finance',
  developer: 'Reads finance as well',
  operator: 'Changes alert rules and alerts, and operates the platform',
  admin: 'Manages users and the settings of the installation',
};

/** Who may sign in. Only administrators create users, and nobody changes a user's tenant. */
export class UserPool extends Construct {
  readonly poolId: string;
  readonly clientId: string;
  /** `iss` of its tokens. */
  readonly issuer: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const stack = SkafuStack.of(this);
    const pool = new CognitoUserPool(this, 'pool', {
      name: stack.resourceName('users'),
      usernameAttributes: ['email'],
      usernameConfiguration: { caseSensitive: false },
      autoVerifiedAttributes: ['email'],
      adminCreateUserConfig: { allowAdminCreateUserOnly: true },
      accountRecoverySetting: { recoveryMechanism: [{ name: 'verified_email', priority: 1 }] },
      passwordPolicy: {
        minimumLength: 12,
        requireLowercase: true,
        requireUppercase: true,
        requireNumbers: true,
        requireSymbols: true,
        temporaryPasswordValidityDays: 7,
      },
      schema: [
        {
          name: 'tenant',
          attributeDataType: 'String',
          developerOnlyAttribute: false,
          mutable: false,
          required: false,
          stringAttributeConstraints: { minLength: '1', maxLength: '64' },
        },
      ],
      deletionProtection: stack.settings.production ? 'ACTIVE' : 'INACTIVE',
    });
    this.poolId = pool.id;
    this.issuer = `https://cognito-idp.${stack.settings.region}.amazonaws.com/${pool.id}`;

    this.clientId = new CognitoUserPoolClient(this, 'client', {
      name: stack.resourceName('console'),
      userPoolId: pool.id,
      generateSecret: false,
      explicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      preventUserExistenceErrors: 'ENABLED',
      enableTokenRevocation: true,
      idTokenValidity: 60,
      accessTokenValidity: 60,
      refreshTokenValidity: 7,
      tokenValidityUnits: [{ idToken: 'minutes', accessToken: 'minutes', refreshToken: 'days' }],
      readAttributes: ['email', 'email_verified', 'name', 'custom:tenant'],
      writeAttributes: ['name'],
    }).id;

    for (const [index, role] of [...roles].reverse().entries()) {
      new CognitoUserGroup(this, role, {
        name: role,
        userPoolId: pool.id,
        description: groupDescriptions[role],
        precedence: index + 1,
      });
    }
  }
}
