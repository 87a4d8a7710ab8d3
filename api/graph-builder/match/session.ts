import type { Catalogue } from '../../../contracts/capability.ts';
import type { SkillTemplate } from '../templates/template.ts';
import type { Statement } from '../text/statements.ts';
import type { EventFound } from '../triggers/event-of.ts';
import type { AtomicPlan } from './atomic/atomic-template.ts';
import type { Duty, NotUnderstood } from './duty.ts';
import type { Thing } from './lexicon/meaning.ts';
import type { CompiledTemplate } from './match-clause.ts';
import type { Need } from './needs.ts';
import type { ReadingBook } from './readings.ts';

export interface RecogniseOptions {
  templates: SkillTemplate[];
  catalogue: Catalogue;
  timezone: string | null;
  /** The whole text, for what is said once for all of it. */
  description: string;
}

/** What is known while the sentences of a description are gone through. */
export interface Session extends RecogniseOptions {
  compiled: CompiledTemplate[];
  readings: ReadingBook;
  duties: Duty[];
  /** What only the manager knows about duties that were understood. */
  open: NotUnderstood[];
  /** The last event that was spoken of: "the question" of the next sentence is its question. */
  event?: { block: number; condition: string; found: EventFound | undefined; isBackground?: true };
  /** The sentence before. */
  previous?: Statement;
  /** Where mail comes in, as the paragraph named it last. */
  mailbox?: string;
  /** What "it" and "them" of the next sentence stand for. */
  antecedents: Thing[];
  /** What a sentence wants to be read, for a later one that says what becomes of it. */
  pending: { statement: Statement; needs: Need[]; event: EventFound | undefined }[];
  pendingAttempts: Attempt[];
  /** How each skill that was made of single capabilities was made. */
  plans: Map<string, AtomicPlan>;
}

/** A clause that is tried on the templates. */
export interface Attempt {
  statement: Statement;
  at: number;
  /** When it is to be done: said in the sentence, or in the one before. */
  condition: string | undefined;
  event: EventFound | 'none';
  clause: string;
}
