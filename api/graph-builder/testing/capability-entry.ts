import type { Capability } from '../../../contracts/capability.ts';
import type { JsonObject } from '../../../contracts/json.ts';

export interface Entry {
  provider: string;
  name: string;
  permission: string;
  risk: 'read' | 'write';
  properties?: JsonObject;
  required?: string[];
}

/** A capability of a catalogue for tests: its parameters as ConnectHub declares them, the rest as short as possible. */
export function capabilityEntry({ provider, name, permission, risk, properties = {}, required = [] }: Entry): Capability {
  return {
    provider,
    capability: name,
    version: 1,
    title: name,
    description: name,
    permission,
    risk,
    idempotency: 'lookup',
    cost: 1,
    scopes: [],
    settle_scopes: [],
    input_schema: { type: 'object', properties, required, additionalProperties: false },
    output_schema: { type: 'object' },
  };
}
