import { expect, it } from 'vitest';
import { spaRoutes } from './spa-routes.ts';

const handler = new Function(`${spaRoutes}; return handler;`)() as (event: { request: { uri: string } }) => {
  uri: string;
};
const served = (uri: string) => handler({ request: { uri } }).uri;

it.each(['/', '/observability/alerts', '/apiary'])('serves the application for its page %s', (uri) => {
  expect(served(uri)).toBe('/index.html');
});

it.each(['/assets/index-1a2b.js', '/config.json', '/api', '/api/v1/health'])('leaves %s as it is', (uri) => {
  expect(served(uri)).toBe(uri);
});
