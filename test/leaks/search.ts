import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A text that must not be found, and how a finding calls it. */
export interface Secret {
  readonly name: string;
  readonly value: string;
}

export interface Place {
  readonly name: string;
  readonly bytes: Buffer;
}

/**
 * `secret in place` for every secret that stands there, plainly or in base64. Each half of it counts: a database file may
 * break a text at the end of a page.
 */
export function findSecrets(secrets: readonly Secret[], places: readonly Place[]): string[] {
  return places.flatMap(({ name: place, bytes }) =>
    secrets
      .filter(({ value }) => formsOf(value).some((form) => bytes.includes(form, 0, 'latin1')))
      .map(({ name }) => `${name} in ${place}`),
  );
}

/** Shorter pieces would be found by chance. */
const LEAST_CHARACTERS = 16;

function formsOf(secret: string): string[] {
  const middle = Math.ceil(secret.length / 2);
  const halves = middle < LEAST_CHARACTERS ? [secret] : [secret.slice(0, middle), secret.slice(middle)];
  return [...halves, ...base64FormsOf(secret)];
}

/** A text inside a longer one that was encoded as a whole starts at one of three offsets; its edges mix with the neighbours'. */
function base64FormsOf(secret: string): string[] {
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.from(' '.repeat(offset) + secret).toString('base64');
    return encoded.slice(4, Math.floor((offset + secret.length) / 3) * 4);
  });
}

/** Every file below `folder` whose name ends in `suffix`. */
export async function readFiles(folder: string, suffix: string): Promise<Place[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(suffix))
    .map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(paths.map(async (path) => ({ name: path.slice(folder.length + 1), bytes: await readFile(path) })));
}
