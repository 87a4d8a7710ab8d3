import { ClancyError, type FieldError } from '../../contracts/errors.ts';

/** What stands in the way of using a part of a document: where, as a JSON pointer into it, and why. */
export class DocumentProblem extends Error {
  readonly pointer: string;

  constructor(pointer: string, message: string) {
    super(message);
    this.name = 'DocumentProblem';
    this.pointer = pointer;
  }
}

/** A name as a part of a JSON pointer (RFC 6901). */
export function pointerPart(name: string): string {
  return `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

const MAX_SHOWN = 40;

/** Everything that was found, each with its place: a person corrects them in one go. */
export function documentError(problems: readonly DocumentProblem[]): ClancyError {
  const fields: FieldError[] = problems.slice(0, MAX_SHOWN).map(({ pointer, message }) => ({
    field: `/document${pointer}`,
    message,
  }));
  return new ClancyError('invalid_request', 'The document cannot be used as it is.', {
    fields,
    next: 'Leave out what is named, by `parameters` of the capability where it is optional, or change the document.',
  });
}

/** Runs each piece of work; throws all of their problems together. */
export function collect<T, R>(items: readonly T[], work: (item: T) => R): R[] {
  const problems: DocumentProblem[] = [];
  const done = items.flatMap((item) => {
    try {
      return [work(item)];
    } catch (error) {
      if (!(error instanceof DocumentProblem)) throw error;
      problems.push(error);
      return [];
    }
  });
  if (problems.length > 0) throw documentError(problems);
  return done;
}
