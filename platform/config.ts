import { z } from 'zod';

/** How strictly a process treats its surroundings (design, "Mode"). Production unless an entry point says otherwise. */
export const modeSchema = z.enum(['production', 'staging', 'development']).default('production');
export type Mode = z.infer<typeof modeSchema>;

export const portSchema = z.coerce.number().int().min(0).max(65_535);
/** Metrics are for nobody who comes through the door, so they have a port of their own. For `refine`. */
export function hasOwnMetricsPort(env: { PORT: number; METRICS_PORT?: number | undefined }): boolean {
  return env.METRICS_PORT === undefined || env.METRICS_PORT === 0 || env.METRICS_PORT !== env.PORT;
}
export const METRICS_PORT_TAKEN = { path: ['METRICS_PORT'], message: 'is PORT already; choose another one' };

export const logLevelSchema = z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info');

/** A 32-byte key as base64. */
export const key32Schema = z
  .string()
  .transform((text) => Buffer.from(text, 'base64'))
  .refine((key) => key.length === 32, 'expected 32 bytes in base64');

/** JSON text of the given shape. */
export function jsonText<T extends z.ZodType>(shape: T) {
  return z
    .string()
    .transform((text, ctx): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        ctx.addIssue({ code: 'custom', message: 'expected JSON' });
        return z.NEVER;
      }
    })
    .pipe(shape);
}

/** A configuration that cannot be used. The message lists every bad variable by name and never a value. */
export class ConfigError extends Error {
  constructor(process: string, problems: string[]) {
    super(`${process} cannot start:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

/** What only a development stack may set: the variable, the waiver it needs, and what makes its value a development one. */
export interface DevelopmentOnly {
  variable: string;
  waiver: 'issuers' | 'sandbox' | 'loopback';
  isDevelopment: (value: string) => boolean;
}

export const isSet = (): boolean => true;
export const isPlainHttp = (value: string): boolean => value.startsWith('http:');

/**
 * Parses the environment of one process. Empty strings count as unset.
 *
 * @throws ConfigError naming every bad variable, and, in production, every development part that is set.
 */
export function parseConfig<T extends z.ZodType>(options: {
  process: string;
  schema: T;
  env: { [name: string]: string | undefined };
  developmentOnly: DevelopmentOnly[];
}): z.infer<T> {
  const env = Object.fromEntries(Object.entries(options.env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = options.schema.safeParse(env);
  const problems = parsed.success ? [] : parsed.error.issues.map((issue) => describe(issue, env));
  const mode = modeSchema.safeParse(env['CLANCY_MODE']);
  if (!mode.success || mode.data === 'production') problems.push(...refusedInProduction(options.developmentOnly, env));
  if (!parsed.success || problems.length > 0) throw new ConfigError(options.process, problems);
  return parsed.data;
}

/** A variable nobody set is the commonest mistake: said in these words, not as a type error. */
function describe({ code, path, message }: z.core.$ZodIssue, env: { [name: string]: string | undefined }): string {
  const variable = path.join('.');
  const isUnset = code === 'invalid_type' && path.length === 1 && env[variable] === undefined;
  return `${variable}: ${isUnset ? 'is not set' : message}`;
}

function refusedInProduction(rules: DevelopmentOnly[], env: { [name: string]: string | undefined }): string[] {
  return rules
    .filter(({ variable, isDevelopment }) => env[variable] !== undefined && isDevelopment(env[variable]))
    .map(({ variable, waiver }) => `${variable}: a development part (${waiver}), refused in production mode`);
}

/** The development parts in use, by name: what `/health` shows. */
export function waiversIn(rules: readonly DevelopmentOnly[], env: { [name: string]: string | undefined }): string[] {
  const used = rules.filter(({ variable, isDevelopment }) => Boolean(env[variable]) && isDevelopment(env[variable] ?? ''));
  return [...new Set(used.map(({ waiver }) => waiver))];
}
