import { setting } from '#shared/runtime/settings.ts';

/** Whether a channel may go to this very machine over plain HTTP: only where the whole platform is on it. */
export const loopbackAllowed = () => setting('ENVIRONMENT') === 'local';
