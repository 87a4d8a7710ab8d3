import { labelOf, sectionOf, type Section } from './sections.ts';
import { splitSentences } from './sentences.ts';

/** One sentence of the description, quoted exactly, with where it stood. */
export interface Statement {
  text: string;
  /** Number of its paragraph or list item: what a plain sentence belongs to. */
  block: number;
  isListItem: boolean;
  /** An item of a numbered list: its items are steps. */
  isNumbered?: boolean;
  /** First line of the text, standing alone: probably the title. */
  isTitle: boolean;
  section: Section;
}

const BULLET = /^\s*(?:[-*•–—‣]|\(?\d{1,2}[.)]|[a-z]\))\s+/;

const MARKDOWN_HEADING = /^\s*#{1,6}\s+/;

/** Splits a normalised text into statements: list items, lines, sentences; headings set the section of what follows. */
export function readStatements(text: string): Statement[] {
  const statements: Statement[] = [];
  let section: Section = 'duties';
  let block = 0;
  for (const [index, paragraph] of joinWrappedLines(text.trim()).entries()) {
    if (paragraph.trim() === '') {
      block += 1;
      continue;
    }
    const isListItem = BULLET.test(paragraph);
    const isNumbered = /^\s*\(?\d{1,2}[.)]\s/.test(paragraph);
    const line = paragraph.replace(BULLET, '').replace(MARKDOWN_HEADING, '').trim();
    const heading = isListItem ? undefined : sectionOf(line);
    if (heading) {
      section = heading;
      continue;
    }
    const label = labelOf(line);
    const within = label?.section ?? section;
    const isTitle = index === 0 && !isListItem && !label;
    for (const sentence of splitSentences(label?.rest ?? line)) {
      statements.push({
        text: sentence,
        block,
        isListItem,
        ...(isNumbered && { isNumbered }),
        isTitle: isTitle && statements.length === 0,
        section: within,
      });
    }
  }
  return statements;
}

/** Lines that a mail program wrapped are one: the first does not end a sentence and the next starts small. */
function joinWrappedLines(text: string): string[] {
  const lines: string[] = [];
  for (const line of text.split('\n')) {
    const last = lines.at(-1);
    const continues =
      last !== undefined &&
      last.trim() !== '' &&
      !/[.!?:;]\s*$/.test(last) &&
      /^\s*[\p{Ll}#@(]/u.test(line) &&
      !BULLET.test(line);
    if (continues) lines[lines.length - 1] = `${last} ${line.trim()}`;
    else lines.push(line);
  }
  return lines;
}
