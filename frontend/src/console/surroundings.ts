import { createContext, useContext } from 'react';

/** What the shell knows of the place it runs in. */
export interface Surroundings {
  environment: string;
  onSignOut: () => void;
}

export const SurroundingsContext = createContext<Surroundings>({
  environment: '',
  onSignOut: () => undefined,
});

export function useSurroundings(): Surroundings {
  return useContext(SurroundingsContext);
}
