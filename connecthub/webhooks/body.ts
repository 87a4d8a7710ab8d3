import type { z } from 'zod';
import { ClancyError } from '../../contracts/errors.ts';
import type { Delivery } from './definition.ts';

/** The body as JSON. @throws ClancyError `invalid_request` */
export function jsonOf({ body }: Pick<Delivery, 'body'>): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw new ClancyError('invalid_request', 'The body is no JSON.', { cause });
  }
}

/** The body in its shape; undefined for another one: signed, but nothing that we know. */
export function readShape<T>(schema: z.ZodType<T>, value: unknown): T | undefined {
  return schema.safeParse(value).data;
}
