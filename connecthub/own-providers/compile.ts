import { storedMcpSchema } from '../mcp/stored.ts';
import { toMcpDefinition } from '../mcp/to-definition.ts';
import { storedOpenApiSchema } from '../openapi/stored.ts';
import { toDefinition } from '../openapi/to-definition.ts';
import type { ProviderDefinition } from '../providers/definition.ts';
import type { OwnRow } from './store.ts';

/** A stored definition as the rest of ConnectHub knows providers. */
interface Compiled {
  definition: ProviderDefinition;
  /** Of the organisation's OAuth client; empty where there is none. */
  clientId: string;
}

/** How each kind of an organisation's own providers is read. A further kind is a further entry. */
export const KINDS: { readonly [kind in OwnRow['kind']]: (id: string, stored: unknown) => Compiled } = {
  openapi: (id, stored) => {
    const read = storedOpenApiSchema.parse(stored);
    return { definition: toDefinition(id, read), clientId: read.auth.type === 'oauth2' ? read.auth.client_id : '' };
  },
  mcp: (id, stored) => ({ definition: toMcpDefinition(id, storedMcpSchema.parse(stored)), clientId: '' }),
};
