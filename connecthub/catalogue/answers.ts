import { createHash } from 'node:crypto';
import { catalogueSchema, type Catalogue } from '../../contracts/capability.ts';
import type { AuditEntry } from '../../db/client.ts';

/** An answer of the catalogue as it goes out, and what names it. */
export interface CatalogueAnswer {
  readonly catalogue: Catalogue;
  readonly text: string;
  readonly etag: string;
}

/** Answers of the catalogue, for a moment. */
export interface CatalogueAnswers {
  /** The answer at hand, or the one that `make` gives. Whoever asks while it is made waits for the same one. */
  get(orgId: string, filters: object, make: () => Promise<Catalogue>): Promise<CatalogueAnswer>;
  /** For the database: what this copy changes of an organisation shows at once. */
  onCommitted(entries: readonly AuditEntry[], orgId: string): void;
}

/** What another copy has changed shows after this time. */
const KEEP_MS = 1_000;
const MAX_ORGANISATIONS = 500;
const MAX_FILTERS = 50;

type OfOrg = Map<string, { answer: Promise<CatalogueAnswer>; untilMs: number }>;

/** @param now milliseconds that never run backwards */
export function createCatalogueAnswers(now: () => number = () => performance.now()): CatalogueAnswers {
  const kept = new Map<string, OfOrg>();

  function ofOrg(orgId: string): OfOrg {
    const known = kept.get(orgId);
    if (known) return known;
    const made: OfOrg = new Map();
    kept.set(orgId, made);
    dropOldest(kept, MAX_ORGANISATIONS);
    return made;
  }

  return {
    get: (orgId, filters, make) => {
      const key = JSON.stringify(filters);
      const answers = ofOrg(orgId);
      const known = answers.get(key);
      if (known && known.untilMs > now()) return known.answer;
      const answer = make().then(toAnswer);
      answers.delete(key);
      answers.set(key, { answer, untilMs: now() + KEEP_MS });
      dropOldest(answers, MAX_FILTERS);
      // A failure is nobody else's.
      answer.catch(() => answers.get(key)?.answer === answer && answers.delete(key));
      return answer;
    },
    // Whatever is not about a call may be about a connection or a provider.
    onCommitted: (entries, orgId) => {
      if (entries.some(({ objectType }) => objectType !== 'call')) kept.delete(orgId);
    },
  };
}

function toAnswer(read: Catalogue): CatalogueAnswer {
  const catalogue = catalogueSchema.parse(read);
  const text = JSON.stringify(catalogue);
  return { catalogue, text, etag: `"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"` };
}

function dropOldest(map: Map<string, unknown>, most: number): void {
  const oldest = map.keys().next();
  if (map.size > most && !oldest.done) map.delete(oldest.value);
}
