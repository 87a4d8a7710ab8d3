import { z } from 'zod';
import { SlackError } from './errors.ts';

export type RawArgs = Record<string, unknown>;

/** Arguments arrive as text in forms and queries, typed in JSON; these read both. */
export const flag = z
  .union([z.boolean(), z.enum(['true', 'false', '1', '0'])])
  .transform((value) => value === true || value === 'true' || value === '1');
/** Page size; Slack refuses more than 1000 (999 for history). */
export const limit = z.coerce.number().int().min(1).max(1000);
export const slackTs = z
  .union([z.string(), z.number()])
  .transform(String)
  .pipe(z.string().regex(/^\d{1,12}(\.\d{1,6})?$/));

/** Reads query and body of a Web API request; the body may be a form or a JSON object. */
export function readArgs(query: RawArgs, contentType: string | undefined, body: string): RawArgs {
  if (body === '') return { ...query };
  const type = contentType?.split(';')[0]?.trim().toLowerCase();
  if (type === 'application/json') return { ...query, ...readJsonObject(body) };
  if (type === 'application/x-www-form-urlencoded') {
    return { ...query, ...Object.fromEntries(new URLSearchParams(body)) };
  }
  throw new SlackError('invalid_post_type');
}

function readJsonObject(body: string): RawArgs {
  const parsed = z.record(z.string(), z.unknown());
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new SlackError('invalid_json');
  }
  const object = parsed.safeParse(value);
  if (!object.success) throw new SlackError('json_not_object');
  return object.data;
}

/**
 * Checks a method's arguments. Slack ignores an argument it does not know; here it fails,
 * so that a misspelt one cannot pass unnoticed.
 */
export function parseArgs<T>(schema: z.ZodType<T>, args: RawArgs): T {
  const parsed = schema.safeParse(args);
  if (parsed.success) return parsed.data;
  const isUnknown = parsed.error.issues.some((issue) => issue.code === 'unrecognized_keys');
  const messages = parsed.error.issues.map((issue) => `[ERROR] ${issue.path.join('.')}: ${issue.message}`);
  throw new SlackError(isUnknown ? 'invalid_arg_name' : 'invalid_arguments', { response_metadata: { messages } });
}

const SECRETS = new Set(['token', 'client_secret', 'code', 'refresh_token']);

/** The arguments as they may stand in the request log. */
export function withoutSecrets(args: RawArgs): RawArgs {
  return Object.fromEntries(Object.entries(args).map(([key, value]) => [key, SECRETS.has(key) ? '[secret]' : value]));
}
