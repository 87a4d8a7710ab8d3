import type { z } from 'zod';
import type { JsonObject } from '../../contracts/json.ts';
import { ProviderRefusal } from './refusal.ts';

/** A body in its shape. A body in another one tells nothing: the read failed. */
export function readBody<T>(schema: z.ZodType<T>, body: JsonObject): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new ProviderRefusal({ code: 'provider_unavailable', reason: 'unreadable_answer', retryable: true });
}

/** A string parameter, which its schema has checked. */
export function text(parameters: JsonObject, name: string): string {
  const value = parameters[name];
  return typeof value === 'string' ? value : '';
}

/** An optional string or number parameter, left out of the request when absent. */
export function optional(parameters: JsonObject, name: string): string | number | undefined {
  const value = parameters[name];
  return typeof value === 'string' || typeof value === 'number' ? value : undefined;
}

/** A list of strings, which its schema has checked; empty when absent. */
export function texts(parameters: JsonObject, name: string): string[] {
  const value = parameters[name];
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}
