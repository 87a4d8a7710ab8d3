import { PRONOUN_OBJECT } from './clauses.ts';
import { MAX_SENTENCE_LENGTH } from './sort-statements.ts';
import type { Statement } from './statements.ts';

/** "Write a digest of #a. Post it in #b.": the second sentence says where the first one's result goes, so they are one. */
export function joinPronouns(statements: Statement[]): Statement[] {
  const joined: Statement[] = [];
  for (const statement of statements) {
    const last = joined.at(-1);
    if (
      last &&
      last.text.length + statement.text.length < MAX_SENTENCE_LENGTH &&
      last.block === statement.block &&
      !statement.isListItem &&
      PRONOUN_OBJECT.test(statement.text)
    ) {
      joined[joined.length - 1] = { ...last, text: `${last.text} ${statement.text}` };
    } else joined.push(statement);
  }
  return joined;
}
