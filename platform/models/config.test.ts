import { expect, test } from 'vitest';
import { hasWholeModel, modelEndpointOf } from './config.ts';

test.each([
  [{}, undefined],
  [{ MODEL_NAME: 'm' }, undefined],
  [
    { MODEL_NAME: 'm', MODEL_API_KEY: 'k' },
    { kind: 'openai', baseUrl: 'https://api.openai.com/v1', apiKey: 'k', model: 'm' },
  ],
  [
    { MODEL_NAME: 'm', MODEL_API_KEY: 'k', MODEL_KIND: 'anthropic' },
    { kind: 'anthropic', baseUrl: 'https://api.anthropic.com', apiKey: 'k', model: 'm' },
  ],
  [
    { MODEL_NAME: 'm', MODEL_API_KEY: 'k', MODEL_BASE_URL: 'https://api.anthropic.com' },
    { kind: 'anthropic', baseUrl: 'https://api.anthropic.com', apiKey: 'k', model: 'm' },
  ],
  [
    { MODEL_NAME: 'm', MODEL_BASE_URL: 'http://10.0.0.7:8000/v1' },
    { kind: 'openai', baseUrl: 'http://10.0.0.7:8000/v1', apiKey: '', model: 'm' },
  ],
])('%j is the model %j', (env, endpoint) => {
  expect(modelEndpointOf(env)).toEqual(endpoint);
});

test.each([
  [{}, true],
  [{ MODEL_API_KEY: 'k' }, false],
  [{ MODEL_BASE_URL: 'https://x.example/v1' }, false],
  [{ MODEL_BASE_URL: 'https://x.example/v1', MODEL_NAME: 'm' }, true],
])('%j says all that is needed: %s', (env, isWhole) => {
  expect(hasWholeModel(env)).toBe(isWhole);
});
