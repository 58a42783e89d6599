import { test } from 'vitest';
import { givenEventsOf } from '#shared/testing/given.ts';
import { forget, PersonForgotten, person } from './person.ts';

const given = givenEventsOf(person);
const now = '2026-07-01T10:00:00.000Z';
const earlier = PersonForgotten({ forgottenAt: '2026-06-01T10:00:00.000Z' });

test('a person is forgotten, and forgotten again when they have written since', () => {
  for (const history of [[], [earlier]])
    given(...history)
      .when(forget, { confirmation: 'forget' }, { now })
      .thenRecords(PersonForgotten({ forgottenAt: now }));
});
