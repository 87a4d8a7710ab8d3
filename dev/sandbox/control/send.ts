import type { z } from 'zod';

/** One request to the control surface; its answer is read with a schema. */
export type Send = <T>(method: string, path: string, answer: z.ZodType<T>, body?: unknown) => Promise<T>;

/** @throws Error with the surface's own words when it refuses: a test must not pass by a typing error. */
export function createSend(url: string): Send {
  return async (method, path, answer, body) => {
    const payload = body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const response = await fetch(new URL(`/_sandbox${path}`, url), { method, ...payload });
    const text = await response.text();
    if (!response.ok) throw new Error(`sandbox: ${method} ${path} answered ${response.status}: ${text}`);
    return answer.parse(text === '' ? undefined : JSON.parse(text));
  };
}
