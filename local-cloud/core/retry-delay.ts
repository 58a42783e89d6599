const firstDelay = 500;
const longestDelay = 10 * 60_000;

/**
 * Milliseconds to wait before the next attempt, after `attempts` failed ones: doubling up to ten minutes, half of it
 * random, so that deliveries which failed together do not come back together.
 */
export function retryDelay(attempts: number, random: () => number = Math.random): number {
  const ceiling = Math.min(longestDelay, firstDelay * 2 ** (attempts - 1));
  return ceiling / 2 + (random() * ceiling) / 2;
}
