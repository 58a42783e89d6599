import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Attributes } from '../../core/service.ts';
import { answerTriggers, createTestPool, type TestPool, type TriggerEvent, testPassword } from './fixture.ts';

const email = 'ada@example.com';
let pool: TestPool;
let events: TriggerEvent[];

/** Two riddles have to be solved; a third wrong answer ends it. */
function riddles({ triggerSource, request }: TriggerEvent): Attributes {
  const session = (request['session'] ?? []) as Attributes[];
  const solved = session.filter(({ challengeResult }) => challengeResult).length;
  switch (triggerSource.split('_')[0]) {
    case 'DefineAuthChallenge':
      return {
        challengeName: 'CUSTOM_CHALLENGE',
        issueTokens: solved === 2,
        failAuthentication: session.length - solved >= 3,
      };
    case 'CreateAuthChallenge':
      return {
        publicChallengeParameters: { riddle: `number ${solved}` },
        privateChallengeParameters: { answer: `answer ${solved}` },
        challengeMetadata: `RIDDLE_${solved}`,
      };
    case 'VerifyAuthChallengeResponse': {
      const { answer } = request['privateChallengeParameters'] as Attributes;
      return { answerCorrect: request['challengeAnswer'] === answer };
    }
    default:
      return {};
  }
}

beforeEach(async () => {
  pool = await createTestPool({
    pool: {
      lambda_config: {
        define_auth_challenge: 'define',
        create_auth_challenge: 'create',
        verify_auth_challenge_response: 'verify',
      },
    },
    client: { explicit_auth_flows: ['ALLOW_CUSTOM_AUTH'], prevent_user_existence_errors: 'ENABLED' },
  });
  await pool.addUser(email, testPassword);
  events = answerTriggers(pool, riddles);
});
afterEach(() => pool.cloud.remove());

const begin = (USERNAME = email) =>
  pool.call('InitiateAuth', {
    ClientId: pool.clientId,
    AuthFlow: 'CUSTOM_AUTH',
    AuthParameters: { USERNAME },
    ClientMetadata: { from: 'test' },
  });
const solve = (Session: unknown, ANSWER: string, USERNAME = email) =>
  pool.call('RespondToAuthChallenge', {
    ClientId: pool.clientId,
    ChallengeName: 'CUSTOM_CHALLENGE',
    Session,
    ChallengeResponses: { USERNAME, ANSWER },
  });

describe('challenges of the pool’s own', () => {
  it('follow one another as the trigger says, until there are tokens', async () => {
    const first = await begin();
    expect(first).toMatchObject({
      ChallengeName: 'CUSTOM_CHALLENGE',
      ChallengeParameters: { riddle: 'number 0' },
    });
    expect(JSON.stringify(first)).not.toContain('answer 0');
    const second = await solve(first['Session'], 'answer 0');
    expect(second).toMatchObject({ ChallengeParameters: { riddle: 'number 1' } });
    expect(await solve(second['Session'], 'answer 1')).toHaveProperty('AuthenticationResult');
    expect(events.map(({ triggerSource }) => triggerSource)).toEqual([
      'DefineAuthChallenge_Authentication',
      'CreateAuthChallenge_Authentication',
      'VerifyAuthChallengeResponse_Authentication',
      'DefineAuthChallenge_Authentication',
      'CreateAuthChallenge_Authentication',
      'VerifyAuthChallengeResponse_Authentication',
      'DefineAuthChallenge_Authentication',
    ]);
    expect(events[0]?.request).toMatchObject({ clientMetadata: { from: 'test' }, userNotFound: false });
    expect(events.at(-1)?.request['session']).toEqual([
      { challengeName: 'CUSTOM_CHALLENGE', challengeResult: true, challengeMetadata: 'RIDDLE_0' },
      { challengeName: 'CUSTOM_CHALLENGE', challengeResult: true, challengeMetadata: 'RIDDLE_1' },
    ]);
  });

  it('end after as many wrong answers as the trigger allows, and no session is answered twice', async () => {
    const first = await begin();
    const second = await solve(first['Session'], 'wrong');
    await expect(solve(first['Session'], 'answer 0')).rejects.toThrow('session can only be used once');
    const third = await solve(second['Session'], 'wrong');
    await expect(solve(third['Session'], 'wrong')).rejects.toMatchObject({ code: 'NotAuthorizedException' });
  });

  it('look the same to nobody, whom no answer lets in', async () => {
    const nobody = 'nobody@example.com';
    const first = await begin(nobody);
    expect(first).toMatchObject({ ChallengeParameters: { riddle: 'number 0' } });
    expect(events[0]?.request['userNotFound']).toBe(true);
    const second = await solve(first['Session'], 'answer 0', nobody);
    await expect(solve(second['Session'], 'answer 1', nobody)).rejects.toMatchObject({
      code: 'NotAuthorizedException',
    });
  });

  it('need their triggers, and a client that allows them', async () => {
    const bare = await createTestPool({
      cloud: pool.cloud,
      client: { explicit_auth_flows: ['ALLOW_CUSTOM_AUTH'] },
    });
    await bare.addUser(email, testPassword);
    const start = (to: TestPool) =>
      to.call('InitiateAuth', {
        ClientId: to.clientId,
        AuthFlow: 'CUSTOM_AUTH',
        AuthParameters: { USERNAME: email },
      });
    await expect(start(bare)).rejects.toMatchObject({ code: 'InvalidLambdaResponseException' });
    await expect(start(await createTestPool({ cloud: pool.cloud }))).rejects.toThrow('not enabled');
  });
});
