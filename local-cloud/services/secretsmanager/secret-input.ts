import { randomUUID } from 'node:crypto';
import { AwsError } from '../../core/errors.ts';
import { boundedText, type Input, requiredText, text } from '../../core/input.ts';
import type { SecretValue } from './secrets.ts';

const longestValue = 65_536;

export const invalid = (message: string) => new AwsError('InvalidParameterException', message);
export const invalidRequest = (message: string) => new AwsError('InvalidRequestException', message);
export const invalidToken = () => new AwsError('InvalidNextTokenException', 'Invalid NextToken.');

export const secretId = (input: Input) => requiredText(input, 'SecretId', 2048);

/** The value of a request, of which there is at most one. Never tells it. */
export function readValue(input: Input): SecretValue | undefined {
  const string = text(input, 'SecretString');
  const binary = binaryIn(input);
  if (string !== undefined && binary !== undefined) {
    throw invalid(
      "You can't specify both a binary secret value and a string secret value in the same secret.",
    );
  }
  const bytes = string === undefined ? Buffer.byteLength(binary ?? '', 'base64') : Buffer.byteLength(string);
  if (bytes > longestValue)
    throw new AwsError('ValidationException', `A secret value has at most ${longestValue} bytes.`);
  if (string !== undefined) return { string };
  return binary === undefined ? undefined : { binary };
}

/** JSON carries bytes in base64, CBOR as they are. */
function binaryIn(input: Input): string | undefined {
  const value = input['SecretBinary'];
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  const given = text(input, 'SecretBinary');
  if (given === undefined) return undefined;
  const bytes = Buffer.from(given, 'base64');
  if (bytes.length === 0) throw new AwsError('SerializationException', 'SecretBinary is no base64.');
  return bytes.toString('base64');
}

/** The id of the version that a request makes; clients choose it, so that a request sent twice makes one version. */
export function requestToken(input: Input): string {
  const token = text(input, 'ClientRequestToken') ?? randomUUID();
  if (token.length < 32 || token.length > 64)
    throw invalid('ClientRequestToken must be 32-64 characters long.');
  return token;
}

export function checkName(name: string): string {
  if (/^[\w/+=.@!-]{1,512}$/u.test(name)) return name;
  throw new AwsError(
    'ValidationException',
    'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
  );
}

/** What of a secret can be said of it without its value. */
export function readDescription(input: Input): { description?: string; kmsKeyId?: string } {
  const description = text(input, 'Description');
  const kmsKeyId = boundedText(input, 'KmsKeyId', 2048);
  if ((description?.length ?? 0) > 2048) throw invalid('A description has at most 2048 characters.');
  return {
    ...(description === undefined ? {} : { description }),
    ...(kmsKeyId === undefined ? {} : { kmsKeyId }),
  };
}
