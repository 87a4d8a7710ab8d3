import { pino, type DestinationStream, type Logger as PinoLogger } from 'pino';
import { logContext } from './telemetry/spans.ts';

export type Logger = Pick<PinoLogger, 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'child'>;

/** Keys whose values never reach a log line, at any depth the loggers of this project use. */
const SECRET_KEYS = [
  'authorization',
  'cookie',
  'set-cookie',
  'ticket',
  'token',
  'access_token',
  'refresh_token',
  'client_secret',
  'clientSecret',
  'password',
  'secret',
];

/** An authorisation code is a secret, an error's code is not: only these hold the former. */
const OAUTH_CODES = ['query.code', 'body.code', 'req.query.code'];

/**
 * JSON lines on stdout. `name` tells the process. JSON escapes CR, LF and control characters, so that text from outside
 * cannot forge a line. Each line has the id of the trace that it belongs to, and the run and the call where they are known.
 */
export function createLogger(
  options: { name: string; level: string },
  destination: DestinationStream = pino.destination(1),
): PinoLogger {
  const paths = SECRET_KEYS.flatMap((key) => [`headers["${key}"]`, `req.headers["${key}"]`, `*["${key}"]`]);
  const redact = { paths: [...paths, ...OAUTH_CODES], censor: '[redacted]' };
  return pino({ name: options.name, level: options.level, redact, mixin: logContext }, destination);
}
