import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  App,
  AwsProvider,
  type Construct,
  DataAwsCallerIdentity,
  type IConstruct,
  LocalBackend,
  S3Backend,
  type TerraformElement,
  TerraformOutput,
  TerraformStack,
} from './cdktf.ts';
import { platformNames, resourceName, tags } from './names.ts';
import type { Settings } from './settings.ts';

/** A bundle beside the stack's Terraform. */
export interface Bundle {
  /** Relative to the stack's folder. */
  readonly filename: string;
  /** Base64 SHA-256: what Terraform compares to see whether the code changed. */
  readonly sourceCodeHash: string;
}

/** What all stacks share: provider, state, names, ARNs, and a folder that holds everything Terraform reads. */
export class SkafuStack extends TerraformStack {
  readonly settings: Settings;
  /** Name of the stack, and `domain` in names and tags. */
  readonly domain: string;
  readonly platform: ReturnType<typeof platformNames>;
  /** Account id, known to Terraform only. */
  readonly account: string;
  /** Names of the stack's queues of what could not be delivered, for the alarms on them. */
  readonly failureQueues: string[] = [];

  constructor(scope: Construct, domain: string, settings: Settings) {
    super(scope, domain);
    this.domain = domain;
    this.settings = settings;
    this.platform = platformNames(settings.environment);
    new AwsProvider(this, 'aws', {
      region: settings.region,
      defaultTags: [{ tags: tags(settings.environment, domain) }],
    });
    this.keepState();
    this.account = new DataAwsCallerIdentity(this, 'account').accountId;
  }

  static override of(construct: IConstruct): SkafuStack {
    const stack = TerraformStack.of(construct);
    if (stack instanceof SkafuStack) return stack;
    throw new Error(`${construct.node.path} does not stand in a SkafuStack.`);
  }

  /** `skafu-{environment}-{domain}-{resource}`. */
  resourceName(resource: string): string {
    return resourceName(this.settings.environment, this.domain, resource);
  }

  /** ARN of a resource whose name is known, wherever it was made: `arn('dynamodb', 'table/…')`. */
  arn(service: string, resource: string): string {
    return `arn:aws:${service}:${this.settings.region}:${this.account}:${resource}`;
  }

  get eventStoreArn(): string {
    return this.arn('dynamodb', `table/${this.platform.eventStoreTable}`);
  }

  get personalKeysArn(): string {
    return this.arn('dynamodb', `table/${this.platform.personalKeysTable}`);
  }

  get eventsBusArn(): string {
    return this.arn('events', `event-bus/${this.platform.eventsBus}`);
  }

  get errorsBusArn(): string {
    return this.arn('events', `event-bus/${this.platform.errorsBus}`);
  }

  /** Copies a built bundle into the stack's folder. Throws when the build has not made it. */
  addBundle(functionName: string): Bundle {
    const source = join(this.settings.functionsDirectory, this.domain, `${functionName}.zip`);
    let code: Buffer;
    try {
      code = readFileSync(source);
    } catch (cause) {
      throw new Error(
        `The function ${this.domain}/${functionName} has no bundle: build the functions first.`,
        {
          cause,
        },
      );
    }
    const filename = `functions/${functionName}.zip`;
    const folder = join(App.of(this).outdir, 'stacks', this.domain);
    mkdirSync(join(folder, 'functions'), { recursive: true });
    writeFileSync(join(folder, filename), code);
    return { filename, sourceCodeHash: createHash('sha256').update(code).digest('base64') };
  }

  /** Values for people, the console's deployment and other tools. */
  addOutputs(values: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(values)) new TerraformOutput(this, name, { value });
  }

  /** Addresses in Terraform read as the path of constructs: `aws_iam_role.acknowledge-alert_function_role`. */
  protected override allocateLogicalId(element: TerraformElement): string {
    const path = element.node.scopes.slice(element.node.scopes.indexOf(this) + 1);
    return path.map((construct) => construct.node.id.replace(/[^\w-]/g, '-')).join('_');
  }

  private keepState(): void {
    const { environment, lasting, region, stateBucket } = this.settings;
    if (!lasting) {
      new LocalBackend(this, { path: `../../../.terraform-state/${environment}/${this.domain}.tfstate` });
      return;
    }
    const key = `skafu/${environment}/${this.domain}.tfstate`;
    new S3Backend(this, { bucket: stateBucket, key, region, encrypt: true });
    this.addOverride('terraform.backend.s3.use_lockfile', true);
  }
}
