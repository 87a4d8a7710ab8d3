import { addressParser } from 'postal-mime';
import { invalid } from '../google/errors.ts';
import { headerOf } from './mailbox.ts';
import type { Mailbox, StoredMail } from './mailbox.ts';

type Test = (mail: StoredMail, mailbox: Mailbox, nowMs: number) => boolean;

const DAY_MS = 86_400_000;
const UNIT_MS: { readonly [unit: string]: number } = { d: DAY_MS, m: 30 * DAY_MS, y: 365 * DAY_MS };

const contains = (text: string | null, word: string) => (text ?? '').toLowerCase().includes(word.toLowerCase());
const inHeader =
  (name: string) =>
  (word: string): Test =>
  (mail) =>
    contains(headerOf(mail, name), word) ||
    addressParser(headerOf(mail, name) ?? '').some(({ address }) => address?.toLowerCase() === word.toLowerCase());
const hasLabel =
  (id: string): Test =>
  (mail) =>
    mail.labelIds.has(id);

/** The operators of Gmail's search box that are modelled. https://support.google.com/mail/answer/7190 */
const OPERATORS: { readonly [operator: string]: (word: string) => Test } = {
  from: inHeader('From'),
  to: inHeader('To'),
  cc: inHeader('Cc'),
  subject: inHeader('Subject'),
  rfc822msgid: (word) => (mail) => headerOf(mail, 'Message-ID') === `<${word.replace(/^<|>$/g, '')}>`,
  newer_than: (word) => {
    const age = ageOf(word);
    return (mail, _mailbox, nowMs) => mail.receivedMs >= nowMs - age;
  },
  older_than: (word) => {
    const age = ageOf(word);
    return (mail, _mailbox, nowMs) => mail.receivedMs < nowMs - age;
  },
  label: (word) => (mail, mailbox) =>
    [...mailbox.labels.values()].some(
      ({ id, name }) =>
        name.toLowerCase().replaceAll(/[ /]/g, '-') === word.toLowerCase().replaceAll(/[ /]/g, '-') && mail.labelIds.has(id),
    ),
  in: (word) => hasLabel(oneOf(word, { inbox: 'INBOX', sent: 'SENT', drafts: 'DRAFT' })),
  is: (word) => hasLabel(oneOf(word, { unread: 'UNREAD', starred: 'STARRED', important: 'IMPORTANT' })),
  has: (word) => {
    oneOf(word, { attachment: 'attachment' });
    return (mail) => mail.attachments.length > 0;
  },
};

function ageOf(word: string): number {
  const [, count, unit = ''] = /^(\d{1,4})([dmy])$/.exec(word) ?? [];
  if (count === undefined) throw invalid(`cannot read the age ${word}`);
  return Number(count) * (UNIT_MS[unit] ?? 0);
}

function oneOf(word: string, known: { readonly [word: string]: string }): string {
  const id = known[word.toLowerCase()];
  if (id === undefined) throw invalid(`${word} is not modelled`);
  return id;
}

/**
 * Reads a search: words and operators, all of which must hold; a leading minus turns one around.
 *
 * @throws GoogleError for an operator that is not modelled. Gmail would search for it as a word and find nothing.
 */
export function parseQuery(query: string): Test {
  const terms = [...query.matchAll(/(-?)(?:([a-z0-9_]+):)?(?:"([^"]*)"|([^\s"(){}]+))|(\S)/gi)].map(toTest);
  return (mail, mailbox, nowMs) => terms.every((test) => test(mail, mailbox, nowMs));
}

function toTest([whole, minus, operator, quoted, bare = '', rest]: RegExpMatchArray): Test {
  const word = quoted ?? bare;
  if (rest !== undefined || word === 'OR' || word === 'AND') throw invalid(`${whole} is not modelled`);
  const test = operator === undefined ? anywhere(word) : OPERATORS[operator.toLowerCase()]?.(word);
  if (test === undefined) throw invalid(`the operator ${operator} is not modelled`);
  return minus === '-' ? (...args) => !test(...args) : test;
}

const anywhere =
  (word: string): Test =>
  (mail) =>
    [headerOf(mail, 'Subject'), headerOf(mail, 'From'), headerOf(mail, 'To'), mail.text, mail.html].some((text) =>
      contains(text, word),
    );
