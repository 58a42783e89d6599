import { Construct, IamRole, IamRolePolicy } from '../cdktf.ts';
import type { Statement } from '../policy.ts';
import { policyDocument } from '../policy.ts';

/** A role that one service assumes, and the one policy that says what it may do. */
export class Role extends Construct {
  readonly arn: string;
  /** Whoever acts at once in this role depends on it, or would act before it may. */
  readonly policy: IamRolePolicy;

  constructor(
    scope: Construct,
    id: string,
    props: { name: string; service: string; permissions: Statement[] },
  ) {
    super(scope, id);
    const role = new IamRole(this, 'role', {
      name: props.name,
      assumeRolePolicy: policyDocument([
        { Effect: 'Allow', Principal: { Service: props.service }, Action: ['sts:AssumeRole'] },
      ]),
    });
    this.arn = role.arn;
    this.policy = new IamRolePolicy(this, 'policy', {
      name: 'permissions',
      role: role.name,
      policy: policyDocument(props.permissions),
    });
  }
}
