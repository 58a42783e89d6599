/** One spelling per dimension set, whatever the order in which it was written: the key under which points are kept. */
export function dimensionsKey(dimensions: Record<string, string>): string {
  const names = Object.keys(dimensions);
  if (names.length < 2) return JSON.stringify(dimensions);
  names.sort();
  return JSON.stringify(Object.fromEntries(names.map((name) => [name, dimensions[name]])));
}
