import { AwsError } from '../../core/errors.ts';

/** A parameter as a request names it: `name`, `name:version` or `name:label`. */
export interface Selected {
  readonly name: string;
  /** Without its colon. */
  readonly selector: string | undefined;
}

const longestName = 1011;
const deepest = 15;

const invalid = (message: string) => new AwsError('ValidationException', message);

/** The name in a name or in an ARN; an ARN does not tell whether the name began with a slash. */
export function bareName(nameOrArn: string): string {
  return /^arn:[^:]*:ssm:[^:]*:[^:]*:parameter(\/.*)$/u.exec(nameOrArn)?.[1] ?? nameOrArn;
}

/** Takes a selector off a name or an ARN. Throws `ValidationException` where there are several. */
export function readSelected(text: string): Selected {
  const [name = '', selector, ...more] = bareName(text).split(':');
  if (name === '' || more.length > 0 || selector === '') {
    throw invalid(
      'Invalid parameter name. Please use correct syntax for referencing a version/label: name:version or name:label.',
    );
  }
  return { name, selector };
}

/**
 * Throws where no parameter may have the name: `ValidationException`, `AccessDeniedException` for a reserved one, or
 * `HierarchyLevelLimitExceededException`.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
 */
export function checkName(name: string): void {
  const reserved = /^\/?(aws|ssm)/iu.exec(name)?.[1]?.toLowerCase();
  if (reserved === 'aws' && name.startsWith('/') && name.split('/').length > 2)
    throw new AwsError('AccessDeniedException', `No access to reserved parameter name: ${name}.`);
  if (reserved !== undefined || !/^[\w./-]+$/u.test(name) || /\/\/|\/$/u.test(name)) {
    throw invalid(
      'Parameter name: can\'t be prefixed with "aws" or "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_',
    );
  }
  if (name.includes('/') && !name.startsWith('/'))
    throw invalid('Parameter name must be a fully qualified name.');
  if (name.length > longestName)
    throw invalid(`Parameter name exceeds the maximum length of ${longestName}.`);
  if (name.split('/').filter((part) => part !== '').length > deepest) {
    throw new AwsError(
      'HierarchyLevelLimitExceededException',
      `Parameter hierarchies are limited to ${deepest} levels: ${name}.`,
    );
  }
}

/** Throws `ValidationException` for what is no path of parameters. */
export function checkPath(path: string): void {
  if (/^\/([\w.-]+(\/[\w.-]+)*\/?)?$/u.test(path)) return;
  throw invalid(
    'The parameter doesn\'t meet the parameter name requirements. The parameter name must begin with a forward slash "/". It can\'t be prefixed with "aws" or "ssm" (case-insensitive). It must use only letters, numbers, or the following symbols: . (period), - (hyphen), _ (underscore). Special characters are not allowed. All sub-paths, if specified, must use the forward slash symbol "/". Valid example: /get/parameters2-/by1./path0_.',
  );
}

/** Whether a parameter lies in a path, directly or anywhere below. */
export function isWithin(name: string, path: string, recursive: boolean): boolean {
  const prefix = path.endsWith('/') ? path : `${path}/`;
  const whole = name.startsWith('/') ? name : `/${name}`;
  return whole.startsWith(prefix) && (recursive || !whole.slice(prefix.length).includes('/'));
}

export function versionNotFound(name: string, selector: string, isNumber: boolean): AwsError {
  const message = isNumber
    ? `Systems Manager could not find version ${selector} of ${name}. Verify the version and try again.`
    : `Systems Manager could not find label ${selector} for parameter ${name}. Verify the label and try again.`;
  return new AwsError('ParameterVersionNotFound', message);
}
