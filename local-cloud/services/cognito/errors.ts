import { AwsError } from '../../core/errors.ts';

export const invalidParameter = (message: string) => new AwsError('InvalidParameterException', message);
export const notAuthorized = (message: string) => new AwsError('NotAuthorizedException', message);
export const resourceNotFound = (message: string) => new AwsError('ResourceNotFoundException', message);
export const userNotFound = () => new AwsError('UserNotFoundException', 'User does not exist.');
export const invalidPassword = (reason: string) =>
  new AwsError('InvalidPasswordException', `Password did not conform with policy: ${reason}`);
export const wrongPassword = () => notAuthorized('Incorrect username or password.');
export const aliasExists = (name: string) =>
  new AwsError('AliasExistsException', `An account with the ${name.replace('_', ' ')} already exists.`);
export const notConfirmed = () => new AwsError('UserNotConfirmedException', 'User is not confirmed.');
