import type { Json } from '../../contracts/json.ts';
import { redactSecrets } from '../graph-builder/checker/secrets.ts';
import { textsIn } from './stems.ts';

/** What looks like a credential: memory is shown to people and handed to models. */
export function holdsSecret(key: string, value: Json): boolean {
  const said = [key, ...textsIn(value)].join('\n');
  return redactSecrets(said) !== said;
}
