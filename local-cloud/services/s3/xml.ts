/** An XML document in S3's namespace. Lists repeat their element; undefined leaves it out. */
export type XmlValue = string | number | boolean | undefined | XmlValue[] | { [name: string]: XmlValue };

export function s3Document(root: string, content: { [name: string]: XmlValue } | string): string {
  const inner = typeof content === 'string' ? escapeXml(content) : elements(content);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${inner}</${root}>`;
}

/** Where a bucket is; for us-east-1 the answer is empty, since it was the first. */
export function locationDocument(region: string): string {
  return s3Document('LocationConstraint', region === 'us-east-1' ? '' : region);
}

/** Errors stand outside the namespace. */
export function errorDocument(content: { [name: string]: XmlValue }): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${elements(content)}</Error>`;
}

function elements(content: { [name: string]: XmlValue }): string {
  return Object.entries(content)
    .map(([name, value]) => element(name, value))
    .join('');
}

function element(name: string, value: XmlValue): string {
  if (value === undefined) return '';
  if (Array.isArray(value)) return value.map((item) => element(name, item)).join('');
  const inner = typeof value === 'object' ? elements(value) : escapeXml(String(value));
  return `<${name}>${inner}</${name}>`;
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
};

function escapeXml(text: string): string {
  return text.replaceAll(/[&<>"\r]/g, (character) => entities[character] ?? character);
}
