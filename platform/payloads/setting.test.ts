import { expect, test } from 'vitest';
import { readWorkerConfig } from '../../activities/agent-worker/config.ts';
import { isEncrypted } from './setting.ts';

const env = {
  AGENT_CORE_URL: 'https://agent-core.example',
  CONNECTHUB_URL: 'https://connecthub.example',
  COGNITO_CLIENT_ID: 'worker',
  COGNITO_CLIENT_SECRET: 'secret',
  COGNITO_TOKEN_URL: 'https://pool.example/oauth2/token',
};

test.each([
  ['production', undefined, true],
  ['staging', undefined, true],
  ['production', 'on', true],
  ['development', undefined, false],
  ['development', 'off', false],
  ['development', 'on', true],
])('in mode %s with PAYLOAD_ENCRYPTION %s payloads are encrypted: %s', (mode, setting, expected) => {
  const config = readWorkerConfig({ ...env, CLANCY_MODE: mode, PAYLOAD_ENCRYPTION: setting });
  expect(isEncrypted(config)).toBe(expected);
});

test.each(['production', 'staging', undefined])('mode %s does not start with it off, and says so by name', (mode) => {
  const read = () => readWorkerConfig({ ...env, CLANCY_MODE: mode, PAYLOAD_ENCRYPTION: 'off' });
  expect(read).toThrow(/PAYLOAD_ENCRYPTION: off is refused outside development/);
});
