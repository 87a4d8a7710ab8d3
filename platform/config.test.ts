import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ConfigError, isPlainHttp, isSet, jsonText, key32Schema, modeSchema, parseConfig, portSchema } from './config.ts';

const schema = z.object({
  CLANCY_MODE: modeSchema,
  PORT: portSchema,
  KEY: key32Schema,
  CLIENTS: jsonText(z.strictObject({ worker: z.string() })),
  ISSUER: z.url(),
});

const good = {
  PORT: '8080',
  KEY: Buffer.alloc(32).toString('base64'),
  CLIENTS: '{"worker":"w"}',
  ISSUER: 'https://issuer.example',
};

const parse = (env: { [name: string]: string | undefined }) =>
  parseConfig({
    process: 'test',
    schema,
    env,
    developmentOnly: [
      { variable: 'SLACK_BASE_URL', waiver: 'sandbox', isDevelopment: isSet },
      { variable: 'ISSUER', waiver: 'issuers', isDevelopment: isPlainHttp },
    ],
  });

describe('the configuration of a process', () => {
  it('is production unless it says otherwise', () => {
    expect(parse(good)).toMatchObject({ CLANCY_MODE: 'production', PORT: 8080, CLIENTS: { worker: 'w' } });
  });

  it('names every bad variable at once and shows no value', () => {
    const bad = { ...good, PORT: 'hunter2', KEY: 'hunter2', CLIENTS: 'hunter2' };
    expect(() => parse(bad)).toThrow(ConfigError);
    expect(() => parse(bad)).toThrow(/PORT[^]*KEY[^]*CLIENTS/);
    expect(() => parse(bad)).not.toThrow(/hunter2/);
    expect(() => parse({ ...good, PORT: '' })).toThrow(/PORT/);
  });

  it('says of a variable that nobody set just that', () => {
    const { ISSUER, ...rest } = good;
    expect(ISSUER).toBeDefined();
    expect(() => parse({ ...rest, KEY: '' })).toThrow('KEY: is not set\n  - ISSUER: is not set');
    expect(() => parse({ ...good, ISSUER: 'no address' })).toThrow(/ISSUER: Invalid URL/);
  });

  it('refuses each development part by name in production, and only there', () => {
    const parts = { ...good, SLACK_BASE_URL: 'http://127.0.0.1:1', ISSUER: 'http://127.0.0.1:2' };
    expect(() => parse(parts)).toThrow(/SLACK_BASE_URL[^]*sandbox[^]*ISSUER[^]*issuers/);
    expect(parse({ ...parts, CLANCY_MODE: 'development' }).ISSUER).toBe('http://127.0.0.1:2');
    expect(() => parse({ ...good, CLANCY_MODE: 'prod' })).toThrow(/CLANCY_MODE/);
  });
});
