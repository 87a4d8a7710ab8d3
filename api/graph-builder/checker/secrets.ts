/** Shapes of secrets that people paste by mistake: provider tokens, keys, private keys, signed tokens. */
const SECRET_SHAPES = [
  /\bxox[a-z]-[A-Za-z0-9-]{8,}/,
  /\bxapp-[A-Za-z0-9-]{8,}/,
  /\bsk-[A-Za-z0-9_-]{16,}/,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/,
  /\bgh[pousr]_[A-Za-z0-9]{20,}/,
  /\bya29\.[A-Za-z0-9_-]{16,}/,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\bBearer +[A-Za-z0-9._~+/-]{20,}/,
  /\b(?:password|passwort|secret|api[ _-]?key)\s*[:=]\s*\S{6,}/i,
];

export const SECRET_REMOVED = '[secret removed]';

/** True when the text holds something that looks like a credential. */
export function holdsSecret(text: string): boolean {
  return SECRET_SHAPES.some((shape) => shape.test(text));
}

/** Replaces what looks like a credential, so that it reaches neither a graph nor an explanation. */
export function redactSecrets(text: string): string {
  return SECRET_SHAPES.reduce((rest, shape) => rest.replace(new RegExp(shape.source, `${shape.flags}g`), SECRET_REMOVED), text);
}
