import { createContext, useContext } from 'react';
import { mayAct, type Role } from './roles.ts';

/** The person at the console, as their ID token says. */
export interface Identity {
  /** The Cognito `sub`, which is also the id of the actor in events. */
  subject: string;
  email: string;
  tenant: string;
  roles: readonly Role[];
}

export const IdentityContext = createContext<Identity | undefined>(undefined);

/** The signed-in person. Throws outside the signed-in part of the console. */
export function useIdentity(): Identity {
  const identity = useContext(IdentityContext);
  if (!identity) throw new Error('useIdentity needs an IdentityContext around it.');
  return identity;
}

/** Whether the signed-in person may do what is open to `allowed`. */
export function useMay(allowed: readonly Role[]): boolean {
  return mayAct(useIdentity().roles, allowed);
}
