import { z } from 'zod';
import type { ModelEndpoint, ModelKind } from './create-model.ts';

/** The variables of a model: those of the workers and of Agent-Core are the same. */
export const modelVariables = {
  /** How the endpoint is spoken to; without it, by its address. */
  MODEL_KIND: z.enum(['openai', 'anthropic']).optional(),
  /** Without it, that of the kind's own maker. */
  MODEL_BASE_URL: z.url({ protocol: /^https?$/ }).optional(),
  MODEL_NAME: z.string().optional(),
  MODEL_API_KEY: z.string().optional(),
};

type Variables = { [name in keyof typeof modelVariables]?: string | undefined };

const MAKERS: { [kind in ModelKind]: string } = {
  openai: 'https://api.openai.com/v1',
  anthropic: 'https://api.anthropic.com',
};

/** For `refine`: a model that is meant has a name. */
export function hasWholeModel(env: Variables): boolean {
  return env.MODEL_NAME !== undefined || (env.MODEL_BASE_URL === undefined && env.MODEL_API_KEY === undefined);
}
export const MODEL_INCOMPLETE = { path: ['MODEL_NAME'], message: 'set it beside MODEL_API_KEY or MODEL_BASE_URL' };

/** The model that is configured: one with a key, or with an address that may want none. */
export function modelEndpointOf(env: Variables): ModelEndpoint | undefined {
  const { MODEL_BASE_URL: given, MODEL_NAME: model, MODEL_API_KEY: apiKey = '' } = env;
  if (model === undefined || (given === undefined && apiKey === '')) return undefined;
  const kind = env.MODEL_KIND === undefined ? kindAt(given) : env.MODEL_KIND === 'anthropic' ? 'anthropic' : 'openai';
  return { kind, baseUrl: given ?? MAKERS[kind], apiKey, model };
}

function kindAt(baseUrl: string | undefined): ModelKind {
  const host = baseUrl === undefined ? '' : new URL(baseUrl).hostname;
  return host === 'anthropic.com' || host.endsWith('.anthropic.com') ? 'anthropic' : 'openai';
}
