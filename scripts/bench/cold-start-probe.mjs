// A fresh process that loads one function as Lambda's runtime does, and says how long that took, in milliseconds.
const started = performance.now();
const { handler } = await import(process.argv[2]);
const ready = performance.now();
if (typeof handler !== 'function') throw new Error(`${process.argv[2]} exports no handler.`);
// `performance.now()` counts from the start of the process.
process.stdout.write(JSON.stringify({ load: ready - started, process: ready }));
