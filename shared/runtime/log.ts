import { Logger } from '@aws-lambda-powertools/logger';

/** Structured log of the function: one JSON line per entry, with its service and, while one is handled, its request. */
export const log = new Logger({ serviceName: process.env['SERVICE'] ?? 'skafu' });
