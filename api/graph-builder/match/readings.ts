import { findHours } from '../slots/amounts.ts';
import { channelMentions } from '../slots/channels.ts';
import { splitClauses } from '../text/clauses.ts';
import type { Statement } from '../text/statements.ts';
import type { NotUnderstood } from './duty.ts';
import type { Reading } from './fill-slots.ts';

const READING =
  /^(?:[^#]{0,80}?\b)?(?:read|go through|look (?:at|through|into)|check|watch|follow|scan|monitor|collect|gather|cover|keep an eye on)\b/i;

/** What a clause tells the employee to read, if that is all it tells. */
export function readingOf(clause: string, sentence: string): Reading | undefined {
  const channels = channelMentions(clause)
    .filter(({ role }) => role !== 'target')
    .map(({ name }) => name);
  if (!READING.test(clause) || channels.length === 0) return undefined;
  const hours = findHours(sentence);
  return { sentence, channels: [...new Set(channels)], ...(hours !== undefined && { hours }) };
}

/** The readings of a description, and which of them some duty makes use of. */
export interface ReadingBook {
  /** The reading nearest before a statement, else the first one after it. */
  near(at: number): Reading | undefined;
  use(reading: Reading): void;
  /** A duty of the same sentence took its channels from the text itself. */
  useOf(sentence: string): void;
  unused(): NotUnderstood[];
}

export function keepReadings(statements: Statement[]): ReadingBook {
  const entries = statements.flatMap(({ text }, at) =>
    splitClauses(text).clauses.flatMap((clause) => {
      const reading = readingOf(clause, text);
      return reading ? [{ at, reading }] : [];
    }),
  );
  const used = new Set<Reading>();
  return {
    near: (at) => (entries.findLast((entry) => entry.at <= at) ?? entries[0])?.reading,
    use: (reading) => void used.add(reading),
    useOf: (sentence) =>
      entries.filter(({ reading }) => reading.sentence === sentence).forEach(({ reading }) => used.add(reading)),
    unused: () => entries.filter(({ reading }) => !used.has(reading)).map(({ reading }) => reportUnused(reading)),
  };
}

function reportUnused(reading: Reading): NotUnderstood {
  return {
    sentence: reading.sentence,
    reason: 'Nothing in the description says what to do with what is read.',
    question: `What should be done with the messages of ${reading.channels.join(', ')}?`,
  };
}
