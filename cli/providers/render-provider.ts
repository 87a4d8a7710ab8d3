import type { ProviderAnswer } from '../client/answers/providers.ts';
import { fields, indent, page, section, table } from '../output/table.ts';

const OUTCOMES: { readonly [outcome: string]: string } = {
  new: 'in force from now on',
  same: 'was in force already',
  preview: 'a preview: nothing was kept',
};

/** A provider with all that it can do: what a person accepts. */
export function renderProvider(provider: ProviderAnswer): string {
  const { id, title, version, server, auth, capabilities, outcome } = provider;
  const leftOut = capabilities.flatMap((one) =>
    one.left_out.map(({ pointer, reason }) => [`${id}/${one.capability}`, pointer, reason]),
  );
  return page([
    fields([
      ['Provider', id],
      ['Title', title],
      ['Version', outcome === undefined ? version : `${version} (${OUTCOMES[outcome] ?? outcome})`],
      ['Server', server],
      ['Authorised by', auth?.type],
    ]),
    table(
      ['CAPABILITY', 'VERSION', 'RISK', 'PERMISSION', 'A LOST ANSWER', 'OPERATION', 'PARAMETERS'],
      capabilities.map((one) => [
        `${id}/${one.capability}`,
        String(one.version),
        one.risk,
        one.permission,
        one.risk === 'read' || one.idempotency !== 'none' ? 'is asked for again' : 'a person looks',
        one.operation ?? '',
        parametersOf(one.input_schema),
      ]),
    ),
    ...section('Left out of the answers', indent(leftOut.length === 0 ? '' : table(['CAPABILITY', 'WHERE', 'WHY'], leftOut), 0)),
  ]);
}

/** Required ones first; the others in brackets. */
function parametersOf(schema: { [name: string]: unknown }): string {
  const { properties, required } = schema;
  const names = Object.keys(typeof properties === 'object' && properties !== null ? properties : {});
  const needed = new Set(Array.isArray(required) ? required : []);
  const optional = names.filter((name) => !needed.has(name)).map((name) => `[${name}]`);
  return [...names.filter((name) => needed.has(name)), ...optional].join(' ');
}
