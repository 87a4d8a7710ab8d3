import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../contracts/json.ts';
import { ClancyError } from '../../contracts/errors.ts';
import { deriveProvider } from '../own-providers/derive.ts';
import { importSchema } from '../own-providers/request.ts';
import { createServerRules } from '../own-providers/server.ts';

const rules = createServerRules({ allowLoopback: false });
type Choice = { [name: string]: unknown };

function documentWith(operation: JsonObject, more: JsonObject = {}): JsonObject {
  const responses = {
    200: { content: { 'application/json': { schema: { type: 'object', properties: { id: { type: 'string' } } } } } },
  };
  return {
    openapi: '3.1.0',
    servers: [{ url: 'https://api.example.com/v1' }],
    paths: { '/things/{id}': { post: { operationId: 'op', responses, ...operation } } },
    ...more,
  };
}

const ID: Json = { name: 'id', in: 'path', required: true, schema: { type: 'string' } };
const bodyOf = (schema: Json): JsonObject => ({
  parameters: [ID],
  requestBody: { required: true, content: { 'application/json': { schema } } },
});

function derive(document: JsonObject, choice: Choice = {}, more: Choice = {}) {
  const capability = { operation_id: 'op', capability: 'thing.do', permission: 'thing.write', risk: 'write', ...choice };
  const wanted = importSchema.parse({
    id: 'things',
    title: 'Things',
    document: {},
    auth: { type: 'bearer' },
    capabilities: [capability],
    ...more,
  });
  const derived = deriveProvider(document, wanted, rules);
  return { ...derived, first: derived.capabilities[0]! };
}

/** Where and why a document is refused. */
function problemOf(document: JsonObject, choice?: Choice, more?: Choice): string {
  try {
    derive(document, choice, more);
    return 'none';
  } catch (error) {
    if (!(error instanceof ClancyError)) throw error;
    return error.details.fields?.map(({ field, message }) => `${field} ${message}`).join('; ') ?? error.message;
  }
}

const inputOf = (schema: Json, more?: JsonObject) =>
  derive(documentWith(bodyOf(schema), more)).first.stored.input_schema['properties'];
const object = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({ type: 'object', properties, ...more });
const AT = '/document/paths/~1things~1{id}/post';
const BODY = `${AT}/requestBody/content/application~1json/schema`;

describe('parameters', () => {
  it('come flat, closed, with their references followed and without what is not theirs to say', () => {
    const { stored } = derive(
      documentWith(
        {
          ...bodyOf({ $ref: '#/components/schemas/New' }),
          parameters: [ID, { name: 'X-Team', in: 'header', schema: { type: 'integer' } }],
        },
        {
          components: {
            schemas: {
              New: object(
                {
                  name: { type: 'string', pattern: '^(a+)+$', example: 'x' },
                  made_at: { type: 'string', readOnly: true },
                  kind: { $ref: '#/components/schemas/Kind' },
                },
                { required: ['name', 'made_at'] },
              ),
              Kind: { type: 'string', enum: ['a', 'b'], description: ' The\nkind. ' },
            },
          },
        },
      ),
    ).first;
    expect(stored.input_schema).toEqual({
      type: 'object',
      properties: {
        id: { type: 'string', minLength: 1, maxLength: 512, pattern: expect.any(String) },
        'X-Team': { type: 'integer' },
        name: { type: 'string' },
        kind: { type: 'string', enum: ['a', 'b'], description: 'The kind.' },
      },
      required: ['id', 'name'],
      additionalProperties: false,
    });
  });

  it('of OpenAPI 3.0 say null and exclusive bounds in its own way', () => {
    const schema = object({ a: { type: 'integer', minimum: 1, exclusiveMinimum: true, nullable: true } });
    const { stored } = derive(documentWith(bodyOf(schema), { openapi: '3.0.3' })).first;
    expect(stored.input_schema['properties']).toMatchObject({ a: { type: ['integer', 'null'], exclusiveMinimum: 1 } });
  });

  it('are put together from all of their parts, and may be null where the document says so', () => {
    const all = {
      allOf: [
        object({ a: { type: 'string' } }, { required: ['a'] }),
        object({ b: { anyOf: [{ type: 'integer' }, { type: 'null' }] } }),
      ],
    };
    expect(inputOf(all)).toMatchObject({ a: { type: 'string' }, b: { type: ['integer', 'null'] } });
  });

  it('can be chosen: what is left out may be of any form', () => {
    const schema = object({ a: { type: 'string' }, b: { not: {} }, c: { type: 'string' } });
    expect(problemOf(documentWith(bodyOf(schema)))).toBe(`${BODY}/properties/b/not \`not\` is not supported`);
    const { stored } = derive(documentWith(bodyOf(schema)), { parameters: ['a'] }).first;
    expect(stored.fields.map(({ name }) => name)).toEqual(['id', 'a']);
  });

  it.each<[string, Json, string]>([
    ['of anything', object({ a: {} }), `${BODY}/properties/a has no type: nobody could check it`],
    [
      'that are objects of anything',
      object({ a: { type: 'object' } }),
      `${BODY}/properties/a an object of anything: nobody could check it`,
    ],
    [
      'that are lists of anything',
      object({ a: { type: 'array' } }),
      `${BODY}/properties/a a list of anything: nobody could check it`,
    ],
    [
      'of several shapes',
      object({ a: { oneOf: [{ type: 'string' }, { type: 'integer' }] } }),
      `${BODY}/properties/a/oneOf \`oneOf\` of several shapes is not supported`,
    ],
    [
      'that are files',
      object({ a: { type: 'string', format: 'binary' } }),
      `${BODY}/properties/a/format files are not supported`,
    ],
    [
      'with very many values',
      object({ a: { type: 'string', enum: Array.from({ length: 300 }, (_, n) => `v${n}`) } }),
      `${BODY}/properties/a/enum more than 200 values`,
    ],
    [
      'with a value of no end',
      object({ a: { type: 'string', enum: ['x'.repeat(500)] } }),
      `${BODY}/properties/a/enum/0 a value too long`,
    ],
    [
      'with a bound that is none',
      object({ a: { type: 'integer', multipleOf: 0 } }),
      `${BODY}/properties/a/multipleOf not a number that fits`,
    ],
    [
      'called __proto__',
      JSON.parse('{"type":"object","properties":{"__proto__":{"type":"string"}}}'),
      `${BODY}/properties/__proto__ a name that cannot be used`,
    ],
    [
      'called constructor',
      object({ constructor: { type: 'string' } }),
      `${BODY}/properties/constructor a name that cannot be used`,
    ],
    ['called like another one', object({ id: { type: 'string' } }), `${BODY}/properties/id a second parameter \`id\``],
    [
      'of another document',
      object({ a: { $ref: 'https://evil.example/s.json' } }),
      `${BODY}/properties/a/$ref a reference to another document: only \`#/...\` is followed`,
    ],
    [
      'of a file',
      object({ a: { $ref: 'file:///etc/passwd' } }),
      `${BODY}/properties/a/$ref a reference to another document: only \`#/...\` is followed`,
    ],
    [
      'that are nowhere',
      object({ a: { $ref: '#/components/schemas/None' } }),
      `${BODY}/properties/a/$ref a reference to what is not there`,
    ],
    [
      'that every object has',
      object({ a: { $ref: '#/__proto__' } }),
      `${BODY}/properties/a/$ref a reference to what is not there`,
    ],
  ])('%s are refused, with their place', (_what, schema, problem) => {
    expect(problemOf(documentWith(bodyOf(schema)))).toBe(problem);
  });

  it('that contain themselves are refused, through however many references', () => {
    const schemas = {
      A: object({ b: { $ref: '#/components/schemas/B' } }),
      B: object({ a: { $ref: '#/components/schemas/A' } }),
    };
    const direct = { L: { $ref: '#/components/schemas/L' } };
    const all = { S: { allOf: [{ $ref: '#/components/schemas/S' }] } };
    const bodyRef = (name: string) => bodyOf({ $ref: `#/components/schemas/${name}` });
    expect(problemOf(documentWith(bodyRef('A'), { components: { schemas } }))).toMatch(/contains itself/);
    expect(problemOf(documentWith(bodyRef('L'), { components: { schemas: direct } }))).toMatch(/leads nowhere/);
    expect(problemOf(documentWith(bodyRef('S'), { components: { schemas: all } }))).toMatch(/contains itself/);
  });

  it('that a few lines multiply without end are refused', () => {
    const wide = (name: string): JsonObject =>
      object(Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`p${n}`, { $ref: `#/components/schemas/${name}` }])));
    const schemas = { A: wide('B'), B: wide('C'), C: wide('D'), D: wide('E'), E: { type: 'string' } };
    expect(problemOf(documentWith(bodyOf({ $ref: '#/components/schemas/A' }), { components: { schemas } }))).toMatch(
      /more parts/,
    );
    const deep = Array.from({ length: 40 }).reduce<Json>((inner) => object({ a: inner }), { type: 'string' });
    expect(problemOf(documentWith(bodyOf(deep)))).toMatch(/deeper than 10/);
  });

  it.each<[string, JsonObject, RegExp]>([
    [
      'a header that frames the request',
      { name: 'Transfer-Encoding', in: 'header', schema: { type: 'string' } },
      /nobody may set/,
    ],
    ['a header that says who asks', { name: 'X-Forwarded-For', in: 'header', schema: { type: 'string' } }, /nobody may set/],
    ['a header of two lines', { name: 'a\r\nb', in: 'header', schema: { type: 'string' } }, /cannot be used|nobody may set/],
    ['a cookie', { name: 'session', in: 'cookie', schema: { type: 'string' } }, /not a path, query or header/],
    ['an object in the query', { name: 'q', in: 'query', schema: object({ a: { type: 'string' } }) }, /only one text/],
    [
      'a deep object',
      { name: 'q', in: 'query', style: 'deepObject', schema: object({ a: { type: 'string' } }) },
      /only the style/,
    ],
    [
      'a pipe',
      { name: 'q', in: 'query', style: 'pipeDelimited', schema: { type: 'array', items: { type: 'string' } } },
      /only the style/,
    ],
    ['a matrix', { name: 'id', in: 'path', required: true, style: 'matrix', schema: { type: 'string' } }, /only the style/],
    ['content instead of a schema', { name: 'q', in: 'query', content: {} }, /has no schema/],
    [
      'what the path does not name',
      { name: 'other', in: 'path', required: true, schema: { type: 'string' } },
      /does not stand both/,
    ],
  ])('that are %s are refused', (_what, parameter, problem) => {
    const own = parameter['name'] === 'id' ? [parameter] : [ID, parameter];
    expect(problemOf(documentWith({ parameters: own }))).toMatch(problem);
  });

  it('leave the credentials and the key of a repeated request to ConnectHub', () => {
    const header = (name: string): Json => ({ name, in: 'header', schema: { type: 'string' } });
    const document = documentWith({ parameters: [ID, header('X-Key'), header('authorization'), header('Idempotency-Key')] });
    const native = { idempotency: { kind: 'native', header: 'idempotency-key', window_ms: 86_400_000 } };
    const auth = { type: 'api_key', in: 'header', name: 'x-key' };
    expect(derive(document, native, { auth }).first.stored.fields.map(({ name }) => name)).toEqual(['id']);
  });
});

describe('an answer', () => {
  const answering = (schema: Json): JsonObject =>
    documentWith({ parameters: [ID], responses: { 201: { content: { 'application/json; charset=utf-8': { schema } } } } });

  it('keeps types alone, and says what of it is left out', () => {
    const { stored, leftOut } = derive(
      answering(
        object(
          { id: { type: 'string', enum: ['a'] }, custom: { type: 'object' }, secret: { type: 'string', writeOnly: true } },
          { required: ['id'] },
        ),
      ),
    ).first;
    expect(stored.output_schema).toEqual({ type: 'object', properties: { id: { type: 'string' } }, additionalProperties: false });
    expect(leftOut).toEqual([
      { pointer: expect.stringMatching(/\/properties\/custom$/), reason: expect.stringMatching(/object of anything/) },
    ]);
  });

  it('can be cut to some of its properties', () => {
    const schema = object({ id: { type: 'string' }, more: { type: 'string' } });
    expect(derive(answering(schema), { result: ['id'] }).first.stored.output_schema['properties']).toEqual({
      id: { type: 'string' },
    });
    expect(problemOf(answering(schema), { result: ['none'] })).toMatch(/no property `none`/);
  });

  it('of a read may not come of what changes something by its nature', () => {
    const document = documentWith({});
    const paths = { '/things': { delete: { operationId: 'op', responses: { 204: { description: 'gone' } } } } };
    expect(problemOf({ ...document, paths }, { risk: 'read', permission: 'thing.read' })).toMatch(/a DELETE changes something/);
  });
});

describe('where requests go', () => {
  const at = (url: string, more: JsonObject = {}) =>
    problemOf(documentWith({ parameters: [ID] }, { servers: [{ url, ...more }] }));

  it.each([
    'http://api.example.com',
    'https://user:pass@api.example.com',
    'https://127.0.0.1/v1',
    'https://localhost',
    'https://[::1]/',
    'https://169.254.169.254/latest',
    'https://2130706433/',
    'https://[::ffff:10.0.0.1]/',
    'https://api.example.com/?key=1',
    'ftp://api.example.com',
    '/v1',
    'file:///etc',
  ])('is not %s', (url) => expect(at(url)).not.toBe('none'));

  it('is the first server with its variables as they are by default', () => {
    const server = { url: 'https://{region}.example.com/v1/', variables: { region: { default: 'eu' } } };
    expect(derive(documentWith({ parameters: [ID] }, { servers: [server] })).provider.server).toBe('https://eu.example.com/v1');
    expect(at('https://{region}.example.com', { variables: { region: { default: '127.0.0.1/' } } })).not.toBe('none');
  });

  it('is said in the way of documents', () => {
    expect(problemOf(documentWith({ parameters: [ID] }, { servers: 'https://api.example.com' }))).toBe(
      '/document/servers expected a list',
    );
    expect(problemOf(documentWith({ parameters: [ID] }, { servers: [] }))).toMatch(/^\/server /);
  });

  it('is of no concern where nobody chooses it', () => {
    const wrong = {
      '/other': { $ref: 'https://evil.example/' },
      '/more': { get: { operationId: 'more', parameters: [{ $ref: '#/none' }] } },
    };
    const document = documentWith({ parameters: [ID] });
    expect(problemOf({ ...document, paths: { ...(document['paths'] as JsonObject), ...wrong } })).toBe('none');
  });

  it('is one for all: an operation with a server or a strange path of its own is refused', () => {
    expect(problemOf(documentWith({ parameters: [ID], servers: [{ url: 'https://evil.example' }] }))).toMatch(
      /a server of its own/,
    );
    for (const path of ['/a/../b', '/a?x=1', '/a#b', 'a', '/a b', '/%2e%2e/b', '//evil.example/a\\b']) {
      const paths = { [path]: { post: { operationId: 'op', responses: { 204: {} } } } };
      expect([path, problemOf({ ...documentWith({}), paths })]).toEqual([
        path,
        expect.stringMatching(/path that cannot be used/),
      ]);
    }
  });
});
