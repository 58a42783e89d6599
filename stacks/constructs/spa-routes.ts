/**
 * Runs at the edge: a path without a file name is a page of the application, which has one document. (Error responses
 * of the distribution could do it as well, but would hide the API's own 403 and 404.)
 */
export const spaRoutes = `function handler(event) {
  var request = event.request;
  if (request.uri.indexOf('.') === -1 && !/^\\/api(\\/|$)/.test(request.uri)) request.uri = '/index.html';
  return request;
}
`;
