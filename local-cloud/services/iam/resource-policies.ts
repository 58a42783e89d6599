import { readPolicy, type Statement } from './policy.ts';

/** The policies of resources: of buckets, queues, functions, buses, tables, and of the account's logs. */
export class ResourcePolicies {
  readonly #sources = new Map<string, (arn: string) => string | undefined>();
  readonly #documents = new Map<string, readonly Statement[]>();
  readonly #policies = new Map<string, Map<string, readonly Statement[]>>();

  /** `name` tells apart what several Terraform resources say of one resource, such as permissions of a function. */
  put(resourceArn: string, name: string, statements: readonly Statement[]): void {
    const owner = ownerOf(resourceArn);
    const policies = this.#policies.get(owner) ?? new Map<string, readonly Statement[]>();
    this.#policies.set(owner, policies.set(name, statements));
  }

  /** Policies that a service keeps itself; each text is read once. */
  addSource(service: string, policyOf: (arn: string) => string | undefined): void {
    this.#sources.set(service, policyOf);
  }

  remove(resourceArn: string, name: string): void {
    this.#policies.get(ownerOf(resourceArn))?.delete(name);
  }

  of(resourceArn: string): readonly Statement[] {
    const owner = ownerOf(resourceArn);
    const kept = this.#sources.get(serviceOf(resourceArn))?.(owner);
    const own = [...(this.#policies.get(owner)?.values() ?? [])].flat();
    return kept === undefined ? own : [...own, ...this.#read(kept)];
  }

  #read(document: string): readonly Statement[] {
    const known = this.#documents.get(document);
    if (known) return known;
    const statements = readPolicy(document);
    this.#documents.set(document, statements);
    return statements;
  }
}

/** Policies of CloudWatch Logs belong to the account and name groups themselves. */
export const logsOwner = 'arn:aws:logs';

const serviceOf = (arn: string) => arn.split(':')[2] ?? '';

/** What a policy is attached to: the bucket of an object, the function of a version, the table of an index. */
function ownerOf(arn: string): string {
  const [, , service, , , ...rest] = arn.split(':');
  if (service === 'logs') return logsOwner;
  if (service === 's3' || service === 'dynamodb') {
    const path = arn.split('/');
    return path.slice(0, service === 's3' ? 1 : 2).join('/');
  }
  return service === 'lambda' && rest.length > 2 ? arn.split(':').slice(0, 7).join(':') : arn;
}
