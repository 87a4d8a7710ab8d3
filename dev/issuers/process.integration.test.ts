import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { parseSigningKey, publicJwks } from '../../platform/auth/signing-key.ts';
import { nodeScript } from '../processes/node-script.ts';
import { issuersEnvironment } from './environment.ts';
import { LOCAL_AUDIENCE, LOCAL_USER_POOL_ID } from './server.ts';

const jwks = publicJwks(parseSigningKey(JSON.stringify(generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }))));

function run(env: Record<string, string>) {
  const { command, args } = nodeScript(new URL('../../bin/issuers.ts', import.meta.url));
  return spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
}

test('the process says where it listens, can be used from its folder, and ends on SIGTERM', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'clancy-issuers-'));
  const child = run({ CLANCY_MODE: 'development', ISSUERS_DIR: dir, RUN_TICKET_JWKS: JSON.stringify(jwks) });
  const [line] = await once(child.stdout, 'data');
  const { url } = z.strictObject({ msg: z.literal('listening'), url: z.url() }).parse(JSON.parse(String(line)));
  const env = await issuersEnvironment({ url, dir, userPoolId: LOCAL_USER_POOL_ID, audience: LOCAL_AUDIENCE });
  expect(await (await fetch(`${url}/people/jwt-key`)).text()).toBe(env.people.CLERK_JWT_KEY);
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  await rm(dir, { recursive: true });
});

test.each([
  [
    'production mode',
    { CLANCY_MODE: 'production', ISSUERS_DIR: '/nonexistent', RUN_TICKET_JWKS: JSON.stringify(jwks) },
    /CLANCY_MODE/,
  ],
  ['no mode at all', { ISSUERS_DIR: '/nonexistent', RUN_TICKET_JWKS: JSON.stringify(jwks) }, /CLANCY_MODE/],
  [
    'a private key in place of the public ones',
    {
      CLANCY_MODE: 'development',
      ISSUERS_DIR: '/nonexistent',
      RUN_TICKET_JWKS: '{"keys":[{"kty":"OKP","crv":"Ed25519","x":"a","d":"s3cret"}]}',
    },
    /RUN_TICKET_JWKS/,
  ],
])('the process refuses %s by the name of the variable, without its value', async (_name, env, expected) => {
  const child = run(env);
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  expect(code).not.toBe(0);
  expect(stderr).toMatch(expected);
  expect(stderr).not.toContain('s3cret');
});
