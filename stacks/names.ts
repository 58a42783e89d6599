import { kebabCase } from '#shared/definition/domain.ts';
import type { Environment } from './settings.ts';

/** The shortest limit among what bears these names: functions, roles and rules. */
const longestName = 64;

/** `skafu-{environment}-{domain}-{resource}`. Throws when AWS would refuse it for its length. */
export function resourceName(environment: Environment, domain: string, resource: string): string {
  const name = `skafu-${environment}-${domain}-${resource}`;
  if (name.length > longestName) {
    throw new Error(
      `The name ${name} has ${name.length} characters, AWS allows ${longestName}: shorten ${resource}.`,
    );
  }
  return name;
}

/** Names of the platform that every stack knows, so that none has to read them from another's state. */
export function platformNames(environment: Environment) {
  return {
    eventStoreTable: resourceName(environment, 'platform', 'event-store'),
    personalKeysTable: resourceName(environment, 'platform', 'personal-keys'),
    eventsBus: `skafu-${environment}-events`,
    errorsBus: `skafu-${environment}-errors`,
  };
}

/** A read model's table has the model's own name; so does its projector among the functions. */
export function readModelTable(environment: Environment, domain: string, model: string): string {
  return resourceName(environment, domain, kebabCase(model));
}

/** How catch-up, metrics and failures name a read model: `observability/alert-rules`. */
export function readModelPath(domain: string, model: string): string {
  return `${domain}/${kebabCase(model)}`;
}

/** `alertRules` → `READ_MODEL_ALERT_RULES`. */
export function readModelVariable(model: string): string {
  return `READ_MODEL_${kebabCase(model).replaceAll('-', '_').toUpperCase()}`;
}

/** On every resource, through the provider's default tags. */
export function tags(environment: Environment, domain: string): Record<string, string> {
  return { application: 'skafu', environment, domain };
}
