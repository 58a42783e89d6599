import { oneOf, wholeNumber } from '#shared/frontend/url-state.ts';

/** What of a stream is looked at, in the address: 0 is the newest version, and the newest event. */
export const streamKeys = {
  version: wholeNumber(0),
  show: oneOf(['everything', 'changes'], 'everything'),
  from: wholeNumber(0),
} as const;
