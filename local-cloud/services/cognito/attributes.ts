import { invalidParameter, notAuthorized } from './errors.ts';
import type { PoolClient, SchemaAttribute, User, UserPool } from './model.ts';

/** Checks attributes of a new user against the pool's schema. Throws `InvalidParameterException`. */
export function checkNewAttributes(pool: UserPool, attributes: Record<string, string>): void {
  for (const [name, value] of Object.entries(attributes)) checkValue(schemaOf(pool, name), value);
}

/** Checks changes to a user that stands: as above, and nothing immutable may change. */
export function checkChangedAttributes(pool: UserPool, user: User, attributes: Record<string, string>): void {
  for (const [name, value] of Object.entries(attributes)) {
    const schema = schemaOf(pool, name);
    if (!schema.mutable && user.attributes[name] !== value) {
      throw invalidParameter(`user.${name}: Attribute cannot be updated.`);
    }
    checkValue(schema, value);
  }
}

/** Throws `InvalidParameterException` where an attribute is missing that the pool requires of who signs up. */
export function checkRequired(pool: UserPool, attributes: Record<string, string>): void {
  const missing = [...pool.schema.values()].find(
    ({ name, required }) => required && name !== 'sub' && !attributes[name],
  );
  if (missing) {
    throw invalidParameter(
      `Attributes did not conform to the schema: ${missing.name}: The attribute ${missing.name} is required\n`,
    );
  }
}

/** The user without some attributes. Throws where the schema does not let them go. */
export function withoutAttributes(pool: UserPool, user: User, names: string[]): User {
  for (const name of names) {
    const schema = schemaOf(pool, name);
    if (!schema.mutable) throw invalidParameter(`user.${name}: Attribute cannot be updated.`);
    if (schema.required) throw invalidParameter(`user.${name}: Attribute is required and cannot be deleted.`);
  }
  const gone = [...names, ...names.map((name) => `${name}_verified`)];
  const kept = Object.entries(user.attributes).filter(([name]) => !gone.includes(name));
  return { ...user, attributes: Object.fromEntries(kept) };
}

/** What a person may write is what the app client lists; without a list, everything mutable. */
export function checkWritable(client: PoolClient, names: string[]): void {
  const writable = client.writeAttributes;
  const refused = names.some((name) => provenByCode.includes(name) || (writable && !writable.includes(name)));
  if (refused) throw notAuthorized('A client attempted to write unauthorized attribute');
}

/** Nobody vouches for an own address. */
const provenByCode = ['email_verified', 'phone_number_verified'];

/** The pool's required attributes the user does not have, in the form the NEW_PASSWORD_REQUIRED challenge lists. */
export function missingAttributes(pool: UserPool, user: User): string[] {
  return [...pool.schema.values()]
    .filter(({ name, required }) => required && name !== 'sub' && !user.attributes[name])
    .map(({ name }) => `userAttributes.${name}`);
}

/** Attributes as the API lists them, `sub` included; narrowed to what the client may read. */
export function attributesOf(user: User, client?: PoolClient): { Name: string; Value: string }[] {
  const all = Object.entries({ ...user.attributes, sub: user.sub });
  const readable = client?.readAttributes;
  return all
    .filter(([name]) => !readable || name === 'sub' || readable.includes(name))
    .map(([Name, Value]) => ({ Name, Value }));
}

function schemaOf(pool: UserPool, name: string): SchemaAttribute {
  const schema = pool.schema.get(name);
  if (!schema) throw invalidParameter(`user.${name}: Attribute does not exist in the schema.\n`);
  return schema;
}

function checkValue(schema: SchemaAttribute, value: string): void {
  const { name, type } = schema;
  if (name === 'email' && value !== '' && !/^[^\s@]+@[^\s@]+$/.test(value)) {
    throw invalidParameter('Invalid email address format.');
  }
  if (name === 'phone_number' && value !== '' && !/^\+[0-9]{1,15}$/.test(value)) {
    throw invalidParameter('Invalid phone number format.');
  }
  if (type === 'Number') checkNumber(schema, value);
  if (type === 'Boolean' && value !== 'true' && value !== 'false') {
    throw invalidParameter(`Attribute value for ${name} must be true or false.`);
  }
  if (schema.maximumLength !== undefined && value.length > schema.maximumLength) {
    throw invalidParameter(
      `Attributes did not conform to the schema: ${name}: String must be no longer than ${schema.maximumLength} characters\n`,
    );
  }
  if (schema.minimumLength !== undefined && value.length < schema.minimumLength) {
    throw invalidParameter(
      `Attributes did not conform to the schema: ${name}: String must be no shorter than ${schema.minimumLength} characters\n`,
    );
  }
}

function checkNumber({ name, minimum, maximum }: SchemaAttribute, value: string): void {
  const number = Number(value);
  const tooSmall = minimum !== undefined && number < minimum;
  const tooLarge = maximum !== undefined && number > maximum;
  if (!Number.isInteger(number) || tooSmall || tooLarge) {
    throw invalidParameter(`Attributes did not conform to the schema: ${name}: Number is out of range\n`);
  }
}
