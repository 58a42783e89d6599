import { describe, expect, it } from 'vitest';
import { RouteTable } from './route-table.ts';

const keys = [
  'GET /pets/dog/1',
  'GET /pets/dog/{id}',
  'GET /pets/{kind}/food',
  'ANY /pets/{kind}',
  'POST /pets/{kind}',
  'GET /pets/{proxy+}',
  'ANY /{proxy+}',
  '$default',
];
const table = new RouteTable(
  keys.map((key) => ({ id: key, apiId: 'a', key, integrationId: 'i', authorizerId: undefined, scopes: [] })),
);

describe('the routes of an HTTP API', () => {
  it.each([
    ['GET', '/pets/dog/1', 'GET /pets/dog/1', undefined],
    ['GET', '/pets/dog/2', 'GET /pets/dog/{id}', { id: '2' }],
    ['GET', '/pets/dog/food', 'GET /pets/dog/{id}', { id: 'food' }],
    ['GET', '/pets/cat/food', 'GET /pets/{kind}/food', { kind: 'cat' }],
    ['GET', '/pets/cat', 'ANY /pets/{kind}', { kind: 'cat' }],
    ['POST', '/pets/cat', 'POST /pets/{kind}', { kind: 'cat' }],
    ['GET', '/pets/cat/1/2', 'GET /pets/{proxy+}', { proxy: 'cat/1/2' }],
    ['POST', '/pets/cat/1', 'ANY /{proxy+}', { proxy: 'pets/cat/1' }],
    ['GET', '/pets/a%2Fb', 'ANY /pets/{kind}', { kind: 'a/b' }],
    ['GET', '/pets/%zz', 'ANY /pets/{kind}', { kind: '%zz' }],
    ['GET', '/', '$default', undefined],
  ])('send %s %s to %s', (method, path, key, pathParameters) => {
    const match = table.find(method, path);
    expect(match?.route.key).toBe(key);
    expect(match?.pathParameters).toEqual(pathParameters);
  });

  it('answer nothing where no route matches and there is no default', () => {
    expect(new RouteTable([]).find('GET', '/')).toBeUndefined();
  });
});
