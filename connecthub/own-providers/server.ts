import { isIP } from 'node:net';
import { ClancyError } from '../../contracts/errors.ts';
import { isReachable } from '../../platform/outgoing/addresses.ts';
import { items, member, textAt, type Reading } from '../openapi/place.ts';
import type { ImportRequest } from './request.ts';

export interface ServerRules {
  /** @throws ClancyError `invalid_request` for an address that no request may go to; names are looked at when they are asked */
  checked(field: string, address: string): string;
  /** Where a document stands: as above, and with a query where it has one. */
  source(address: string): URL;
}

/** https, without credentials, a query or a fragment. This machine, and plain http to it, only in development. */
export function createServerRules(options: { allowLoopback: boolean }): ServerRules {
  const isAllowed = (url: URL): boolean => {
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const isLocal = host === 'localhost' || (isIP(host) !== 0 && isReachable(host, true) && !isReachable(host, false));
    if (isLocal) return options.allowLoopback;
    return url.protocol === 'https:' && (isIP(host) === 0 || isReachable(host, false));
  };
  const read = (field: string, address: string): URL => {
    const url = URL.canParse(address) ? new URL(address) : undefined;
    if (url?.username === '' && url.password === '' && isAllowed(url)) return url;
    throw refused(field, 'expected an https address of the public internet, without credentials');
  };
  return {
    source: (address) => read('/document_url', address),
    checked: (field, address) => {
      const url = read(field, address);
      if (url.search === '' && url.hash === '') return url.href.replace(/\/$/, '');
      throw refused(field, 'expected an address without query and fragment');
    },
  };
}

/** Where every request goes: what the import says, else the document's first server, its variables as they are by default. */
export function readServer(reading: Reading, { server, document_url: source }: ImportRequest, rules: ServerRules): string {
  if (server !== undefined) return rules.checked('/server', server);
  const servers = member({ value: reading.document, pointer: '' }, 'servers');
  const [first] = servers ? items(servers) : [];
  const written = first && textAt(first, 'url');
  if (!first || written === undefined) throw noServer();
  const filled = written.replaceAll(/\{([^{}]+)\}/g, (_whole, name: string) => {
    const variables = member(first, 'variables');
    const variable = variables && member(variables, name);
    return (variable && textAt(variable, 'default')) ?? '';
  });
  if (!URL.canParse(filled, source)) throw noServer();
  return rules.checked('/document/servers/0/url', new URL(filled, source).href);
}

function refused(field: string, message: string): ClancyError {
  return new ClancyError('invalid_request', 'No request may go there.', { fields: [{ field, message }] });
}

function noServer(): ClancyError {
  return new ClancyError('invalid_request', 'The document names no server.', {
    fields: [{ field: '/server', message: 'say where the provider lives, such as https://api.example.com/v1' }],
  });
}
