import { z } from 'zod';

/** Any JSON value: what crosses a process border where no narrower shape is known. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export const jsonSchema: z.ZodType<Json> = z.json();
// It refers to itself: with a name, contracts that hold it can refer to it too.
z.globalRegistry.add(jsonSchema, { id: 'Json', description: 'Any JSON value' });
export const jsonObjectSchema: z.ZodType<JsonObject> = z.record(z.string(), jsonSchema);
