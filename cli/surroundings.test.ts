import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findSurroundings } from './surroundings.ts';

const NONE = { apiUrl: undefined, connecthubUrl: undefined, token: undefined };
const STATE = {
  api_url: 'http://127.0.0.1:1',
  connecthub_url: 'http://127.0.0.1:2',
  issuers_url: 'http://127.0.0.1:3',
  sandbox_url: 'http://127.0.0.1:4',
  temporal_ui_url: 'http://127.0.0.1:5',
  person: { user_id: 'user_ada', org_id: 'org_acme', role: 'owner' },
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clancy-cli-'));
  await mkdir(join(folder, '.clancy'));
});
afterAll(async () => rm(folder, { recursive: true }));

const leave = (state: unknown) => writeFile(join(folder, '.clancy', 'dev.json'), JSON.stringify(state));

it("uses the folder's development stack when nothing is set", async () => {
  await leave(STATE);
  const found = await findSurroundings(NONE, folder);
  expect(found).toMatchObject({
    kind: 'development',
    apiUrl: STATE.api_url,
    issuersUrl: STATE.issuers_url,
    person: STATE.person,
  });
});

it('prefers the environment', async () => {
  await leave(STATE);
  const env = { apiUrl: 'https://api.example.com', connecthubUrl: 'https://hub.example.com', token: ' a.b-c \n' };
  expect(await findSurroundings(env, folder)).toEqual({ kind: 'given', ...env, token: 'a.b-c' });
});

it("never mixes the environment's token with addresses from a file", async () => {
  await leave(STATE);
  await expect(findSurroundings({ ...NONE, token: 'secret' }, folder)).rejects.toThrow(
    'CLANCY_API_URL and CLANCY_CONNECTHUB_URL must be set too',
  );
});

it('refuses a state file that leads off this machine', async () => {
  await leave({ ...STATE, api_url: 'http://evil.example' });
  await expect(findSurroundings(NONE, folder)).rejects.toThrow('on this machine');
});

it('says what to do when there is neither', async () => {
  await expect(findSurroundings(NONE, join(folder, 'elsewhere'))).rejects.toThrow(
    /CLANCY_TOKEN, or start a development stack here/,
  );
});

it.each([
  [{ apiUrl: 'http://api.example.com' }, 'https is required'],
  [{ connecthubUrl: 'not an address' }, 'CLANCY_CONNECTHUB_URL cannot be used'],
  [{ token: 'two words' }, 'CLANCY_TOKEN is not a bearer token'],
])('refuses %o', async (wrong, message) => {
  const env = { apiUrl: 'https://a.example', connecthubUrl: 'https://h.example', token: 't', ...wrong };
  await expect(findSurroundings(env, folder)).rejects.toThrow(message);
});
