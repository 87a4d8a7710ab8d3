import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Catalogue } from '../../contracts/capability.ts';
import { ClancyError, type FieldError } from '../../contracts/errors.ts';
import type { JsonObject } from '../../contracts/json.ts';
import type { ConnectHubClient } from '../connecthub/client.ts';
import { findCapability } from '../graph-builder/catalogue.ts';

/** Compares parameters with the input schema of a capability (qualified). */
export type CheckParameters = (capability: string, parameters: JsonObject) => Promise<void>;

/**
 * Tells an approver at once what ConnectHub would refuse later. It asks for the catalogue at most once, and lets everything
 * pass where there is none to be had: ConnectHub compares again before anything is sent.
 *
 * The returned function throws ClancyError `parameters_invalid`.
 */
export function createCheckParameters(connecthub: Pick<ConnectHubClient, 'catalogue'>, bearer: string): CheckParameters {
  let catalogue: Promise<Catalogue | undefined> | undefined;
  return async (capability, parameters) => {
    catalogue ??= connecthub.catalogue(bearer).catch(withoutCatalogue);
    const known = await catalogue;
    const schema = known && findCapability(known, capability)?.input_schema;
    const fields = schema ? errorsOf(schema, parameters) : [];
    if (fields.length === 0) return;
    throw new ClancyError('parameters_invalid', `The parameters do not fit ${capability}.`, {
      fields,
      next: 'See its input_schema in GET /capabilities.',
    });
  };
}

function withoutCatalogue(error: unknown): undefined {
  if (error instanceof ClancyError) return undefined;
  throw error;
}

function errorsOf(schema: JsonObject, parameters: JsonObject): FieldError[] {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  const validate = ajv.compile(schema);
  return validate(parameters) ? [] : (validate.errors ?? []).map(toFieldError);
}

function toFieldError({ instancePath, keyword, params, message }: ErrorObject): FieldError {
  const name = keyword === 'additionalProperties' ? `/${String(params['additionalProperty'])}` : '';
  return { field: `/parameters${instancePath}${name}`, message: message ?? 'invalid' };
}
