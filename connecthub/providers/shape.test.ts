import { expect, it } from 'vitest';
import { createRegistry } from './registry.ts';
import { createShape } from './shape.ts';

const schema = {
  type: 'object',
  properties: {
    n: { type: 'integer' },
    inner: { type: 'array', items: { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: false } },
  },
  required: ['n'],
  additionalProperties: false,
};

it('a shape names what is wrong, coerces nothing and leaves the value alone', () => {
  const value = { n: '1', more: true };
  expect(
    createShape(schema)
      .errorsOf(value)
      .map(({ field }) => field)
      .toSorted(),
  ).toEqual(['/parameters/more', '/parameters/n']);
  expect(value).toEqual({ n: '1', more: true });
});

it('a cut value holds nothing that the schema does not name, at any depth', () => {
  const value = { n: 1, token: 'x', inner: [{ a: 'b', secret: 'y' }] };
  expect(createShape(schema, { cut: true }).cut(value)).toEqual({ n: 1, inner: [{ a: 'b' }] });
  expect(value).toHaveProperty('token');
});

it('every capability has schemas that compile and refuse unknown parameters', () => {
  const client = { clientId: 'a', clientSecret: 'b' };
  const ids = ['slack', 'quickbooks', 'gmail', 'stripe', 'github', 'calendar'];
  const registry = createRegistry(Object.fromEntries(ids.map((id) => [id, client])));
  const capabilities = registry.providers.flatMap((provider) => registry.capabilitiesOf(provider));
  expect(registry.providers).toHaveLength(6);
  expect(capabilities.length).toBeGreaterThan(35);
  for (const { input, output, definition } of capabilities) {
    expect(input.errorsOf({ unheard_of: 1 }).map(({ field }) => field)).toContain('/parameters/unheard_of');
    expect(output.cut({ unheard_of: 1 })).toEqual({});
    expect(definition.outputSchema).toMatchObject({ type: 'object', additionalProperties: false });
  }
});

it('a provider without a client does not exist here', () => {
  expect(createRegistry({}).providers).toEqual([]);
  expect(createRegistry({}).capability('slack/slack.post')).toBeUndefined();
});
