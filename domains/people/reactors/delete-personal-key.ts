import { reactor } from '#shared/definition/reactor.ts';
import { personalKeys } from '#shared/runtime/clients.ts';
import { person } from '../person/person.ts';

/** Deletes the key of a person who is to be forgotten; one that was made since stays. */
export const deletePersonalKey = reactor({
  follows: person,
  react: async ({ tenant, id, state }) => {
    if (state.forgottenAt !== undefined)
      await personalKeys().forget(tenant, id, Date.parse(state.forgottenAt));
  },
});
