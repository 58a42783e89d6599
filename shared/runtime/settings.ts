/**
 * A setting from the environment. Throws with the setting's name when it is missing: a function that was deployed
 * without it must fail at its first call, not write to a table called "undefined".
 */
export function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '')
    throw new Error(`The setting ${name} is missing from the environment.`);
  return value;
}

export function optionalSetting(name: string): string | undefined {
  return process.env[name] || undefined;
}
