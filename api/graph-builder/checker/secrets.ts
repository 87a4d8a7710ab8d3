import type { EmployeeDefinition } from '../../../contracts/employee-graph.ts';
import { jsonSchema } from '../../../contracts/json.ts';
import type { CheckProblem } from './problem.ts';
import { stringsIn } from './walk.ts';

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
function holdsSecret(text: string): boolean {
  return SECRET_SHAPES.some((shape) => shape.test(text));
}

/** Replaces what looks like a credential, so that it reaches neither a graph nor an explanation. */
export function redactSecrets(text: string): string {
  return SECRET_SHAPES.reduce((rest, shape) => rest.replace(new RegExp(shape.source, `${shape.flags}g`), SECRET_REMOVED), text);
}

/** No credential may stand in a definition: it is shown, exported and kept in history. */
export function checkSecrets(definition: EmployeeDefinition): CheckProblem[] {
  return Object.entries(definition)
    .flatMap(([part, value]) =>
      stringsIn(jsonSchema.parse(value))
        .filter(holdsSecret)
        .map(() => part),
    )
    .filter((part, at, all) => all.indexOf(part) === at)
    .map((part) => ({
      code: 'secret_in_text',
      path: part,
      message: 'A text holds what looks like a credential.',
      next: 'Remove it and connect the account instead.',
    }));
}
