import { afterAll, beforeAll, expect, it } from 'vitest';
import { GOOD_TOKEN } from '../testing/stub-route.ts';
import { startStub, type Stub } from '../testing/stub-service.ts';
import { createClancyClient } from './clancy-client.ts';
import { developmentTokens } from './development-token.ts';
import { ProblemError } from './problem-error.ts';

let stub: Stub;
beforeAll(async () => {
  stub = await startStub();
});
afterAll(async () => stub.close());

const person = { user_id: 'user_ada', org_id: 'org_acme', role: 'owner' };
const clientWith = (token: string) =>
  createClancyClient({ apiUrl: `${stub.url}/`, connecthubUrl: stub.url, token: async () => token });
const tokenRequests = () => stub.state.requests.filter(({ line }) => line === 'POST /people/token').length;

it('asks both services how they are without a token', async () => {
  expect(await clientWith('bad').health()).toMatchObject({ api: { status: 'ok' }, connecthub: { waivers: ['sandbox'] } });
  expect(stub.state.requests.at(-1)?.headers.authorization).toBeUndefined();
});

it('reads the catalogue', async () => {
  expect(await clientWith(GOOD_TOKEN).capabilities.list()).toMatchObject({ providers: [{ provider: 'slack' }] });
});

it('throws a refusal with its code', async () => {
  const refused = await clientWith('bad')
    .capabilities.list()
    .catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(ProblemError);
  expect(refused).toMatchObject({ code: 'unauthenticated', problem: { status: 401 } });
});

it('keeps an identifier in its place of the path', async () => {
  await clientWith(GOOD_TOKEN)
    .runs.get('../employees/x?y#z')
    .catch(() => undefined);
  expect(stub.state.requests.at(-1)?.line).toBe('GET /v1/runs/..%2Femployees%2Fx%3Fy%23z');
});

it('uses a development token until shortly before it ends', async () => {
  let nowMs = 0;
  const token = developmentTokens({ issuersUrl: stub.url, person, nowMs: () => nowMs });
  expect([await token(), await token()]).toEqual([GOOD_TOKEN, GOOD_TOKEN]);
  nowMs = 839_000;
  await token();
  expect(tokenRequests()).toBe(1);
  nowMs = 840_000;
  await token();
  expect(tokenRequests()).toBe(2);
});
