import { z } from 'zod';
import type { RotateProgress } from '../../platform/secrets/rotate-org.ts';
import { SomeRefusedError } from '../exit-codes.ts';
import { keysVerb, orgInput, orgOption, type KeySession } from './keys-verb.ts';
import { renderStatus } from './status.ts';

export const rotateKeys = keysVerb({
  name: 'rotate',
  summary:
    'wrap every data key with the first key of KEY_ENCRYPTION_KEY; or give one organisation a new data key and seal ' +
    'its secrets anew with it. Calls go on; broken off, start it again',
  options: [orgOption('a new data key for this organisation')],
  examples: ['clancy keys rotate', 'clancy keys rotate --org org_2x'],
  input: z.strictObject({ org: orgInput.optional() }),
  run: (session, { org }) => (org === undefined ? rewrap(session) : rotate(session, org)),
});

async function rewrap({ admin, show, note }: KeySession): Promise<void> {
  const { keys, unreadable } = await admin.rewrap((done) => note(`${done} data keys wrapped`));
  const answer = { service: admin.service, rewrapped: keys, unreadable, ...(await admin.status()) };
  show(answer, ({ rewrapped, ...status }) => `${rewrapped} data keys were wrapped anew\n\n${renderStatus(status)}`);
  for (const { orgId, kid } of unreadable) note(`${orgId}: no key of KEY_ENCRYPTION_KEY opens ${kid}; it was left as it is`);
  if (unreadable.length > 0) throw new SomeRefusedError(`${unreadable.length} data keys could not be wrapped anew.`);
}

async function rotate({ admin, show, note }: KeySession, organisation: string): Promise<void> {
  const { key, isResumed, resealed, retired, unreadable } = await admin.rotate(organisation, (step) => note(wordsFor(step)));
  const answer = { service: admin.service, organisation, key, resumed: isResumed, resealed, retired, unreadable };
  show(answer, () => {
    const rows = Object.entries(resealed).map(([column, n]) => `  ${column}  ${n} rows sealed anew`);
    return [`${organisation} has the data key ${key} at ${admin.service}`, ...rows, `  ${retired.length} keys retired`].join(
      '\n',
    );
  });
  for (const { column, object } of unreadable) note(`${column} of ${object} does not open: it was left as it is`);
  if (unreadable.length > 0) throw new SomeRefusedError('The keys before stay in use until these are repaired or deleted.');
}

function wordsFor(progress: RotateProgress): string {
  switch (progress.step) {
    case 'begun':
      return `new data key ${progress.key}`;
    case 'resumed':
      return `going on with data key ${progress.key}, of a rotation that was not ended`;
    case 'resealed':
      return `${progress.column}: ${progress.rows} rows sealed anew`;
    case 'waiting':
      return `waiting ${progress.seconds} s, until no copy seals with the key before`;
  }
}
