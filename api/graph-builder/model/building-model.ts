import { modelEndpointOf } from '../../../platform/models/config.ts';
import { createModel } from '../../../platform/models/create-model.ts';
import type { BuildingModel } from './build-with-model.ts';

/**
 * A manager waits for the answer: a model that says nothing for ten seconds is done without. The client's clock may be a
 * second and a half late.
 */
const SILENCE_MS = 8_000;
/** For one answer, streamed. */
const TIMEOUT_MS = 45_000;

/** The model that Agent-Core's configuration names. */
export function createBuildingModel(
  config: Parameters<typeof modelEndpointOf>[0],
): (BuildingModel & { close: () => Promise<void> }) | undefined {
  const endpoint = modelEndpointOf(config);
  if (!endpoint) return undefined;
  const model = createModel({ ...endpoint, silenceMs: SILENCE_MS, timeoutMs: TIMEOUT_MS });
  return { name: endpoint.model, model, close: model.close };
}
