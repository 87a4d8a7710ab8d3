import { labelOf, sectionOf, type Section } from './sections.ts';
import { startsDuty } from './clauses.ts';
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
    if (MAIL_HEADER.test(line)) continue;
    for (const sentence of withoutRhetoric(splitSentences(label?.rest ?? line).flatMap(splitCondition))) {
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

/** Headers of a forwarded mail. */
const MAIL_HEADER = /^(?:from|to|cc|subject|date|sent|betreff|fwd?|re):\s.{0,120}$/i;

/** "It watches #a: when somebody posts there, …" is two sentences. */
function splitCondition(sentence: string): string[] {
  const match = /^(.{10,}?):\s+((?:when(?:ever)?|if|as soon as|each time)\s.+)$/is.exec(sentence);
  return match && !/"/.test(match[1]!) ? [match[1]!, match[2]!] : [sentence];
}

/** "Every last day? No: every first": who writes so takes back what they asked; "Alarm in #a? Call me" is a case. */
function withoutRhetoric(sentences: string[]): string[] {
  const kept: string[] = [];
  for (const [index, sentence] of sentences.entries()) {
    const next = sentences[index + 1] ?? '';
    if (sentence.endsWith('?') && /^no\b/i.test(next)) continue;
    const isAnswer = /^no\b[:,!. -]*/i.test(sentence) && (sentences[index - 1] ?? '').endsWith('?');
    const rest = isAnswer ? sentence.replace(/^no\b[:,!. –-]*/i, '') : sentence;
    const before = kept.at(-1) ?? '';
    const isCase = before.endsWith('?') && before.split(/\s+/).length <= 8 && startsDuty(rest);
    if (isCase) kept[kept.length - 1] = `${before} ${rest}`;
    else if (rest.trim() !== '') kept.push(rest);
  }
  return kept;
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
