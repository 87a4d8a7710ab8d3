import type { Catalogue } from '../../../contracts/capability.ts';
import type { DoingPattern, Place, Thing } from './lexicon/meaning.ts';
import { readDoings, type DoingSaid } from './doings.ts';
import { isKeptBack } from './kept-back.ts';
import { mediumOf } from './medium.ts';
import { needsOf, type Need } from './needs.ts';
import { isSomebodyElses } from './who.ts';

/** What one clause of a sentence asks for. */
export interface ClauseAsked {
  clause: string;
  doings: DoingSaid[];
  needs: Need[];
  /** It tells what somebody else does. */
  isBackground: boolean;
}

export interface AskedContext {
  catalogue: Catalogue;
  /** The whole description. */
  description: string;
  /** The provider whose event starts the sentence. */
  event: string | undefined;
  /** What "it" and "them" of the first clause stand for. */
  antecedents: Thing[];
}

const MAILS_OUT = /^gmail\/email\.(?:send|reply)$/;

/** Reads the clauses of a sentence in order; what one speaks of is "it" to the next. */
export function readAsked(clauses: string[], sentence: string, context: AskedContext): ClauseAsked[] {
  let antecedents = context.antecedents;
  const isHeld = isKeptBack(sentence);
  return clauses.map((clause) => {
    const isBackground = isSomebodyElses(clause);
    const doings: DoingSaid[] = [];
    const books = booksOf(clause, sentence, context);
    // What others do is no duty, but says what "it" is: "suppliers send their bills to us: enter them".
    antecedents = (isBackground ? thingsOf(readDoings(`check ${clause}`)) : nounsBefore(clause)) ?? antecedents;
    const needs = (isBackground ? [] : readDoings(clause)).flatMap((said) => {
      const doing = withAntecedents(said, antecedents);
      doings.push(doing);
      const read = needsOf(doing, { ...context, books, antecedents, clause });
      antecedents = thingsOf([doing]) ?? antecedents;
      return read.needs.map((need) =>
        isHeld && need.any.some((one) => MAILS_OUT.test(one)) ? { ...need, any: ['gmail/email.draft'] } : need,
      );
    });
    return { clause, doings, needs, isBackground };
  });
}

/** "If the client isn't in there yet, add him": what stands before the first verb. */
function nounsBefore(clause: string): Thing[] | undefined {
  const [lead] = /^(?:if|when|for|in case|should)\b[^,:;]{3,60}/i.exec(clause) ?? [];
  return lead === undefined ? undefined : thingsOf(readDoings(`check ${lead.replace(/^\S+\s+/, '')}`));
}

/** "take the bills and enter them": what "them" stands for is an object like any other. */
function withAntecedents(doing: DoingSaid, antecedents: Thing[]): DoingSaid {
  const hasObject = doing.objects.some(({ preposition }) => preposition === undefined);
  const isBare = doing.isPassive && doing.objects.length === 0;
  const isPronoun =
    /^(?:up |out |in |down )?(?:it|them|these|those|this|that|each one|one|him|her|each of (?:them|those))\b/i.test(doing.after);
  if (hasObject || antecedents.length === 0 || !(isPronoun || isBare)) return doing;
  return { ...doing, objects: [{ things: antecedents, text: 'it' }, ...doing.objects] };
}

/** Somebody asked: an answer is wanted, even where the sentence only says what to look up or name. */
export function withAnswer(asked: ClauseAsked[], condition: string | undefined, source: string | undefined): ClauseAsked[] {
  const isQuestion =
    condition !== undefined &&
    /\b(?:asks?|wants? to know|wonders?|is unsure|isn't sure|does not know|doesn't know|needs to know)\b/i.test(condition);
  const writes = asked.some(({ needs }) =>
    needs.some(({ any }) => any.some((one) => /\.(?:post|dm|react|send|reply|draft|create|comment)$/.test(one))),
  );
  const last = asked.findLast(({ doings, isBackground }) => doings.length > 0 && !isBackground);
  if (!isQuestion || writes || source !== 'slack' || !last) return asked;
  const answer = { any: ['slack/slack.post'], doing: last.doings.at(-1)! };
  return asked.map((one) => (one === last ? { ...one, needs: [...one.needs, answer] } : one));
}

/** What a sentence leaves for the next one's pronouns. */
export function thingsOf(doings: DoingSaid[]): Thing[] | undefined {
  const objects = doings.flatMap((doing) => doing.objects);
  const direct = objects.filter(({ preposition, things }) => preposition === undefined && !things.includes('summary'));
  const things = (direct.length > 0 ? direct : objects)
    .flatMap((one) => one.things)
    .filter((thing) => thing !== 'summary' && thing !== 'emoji');
  return things.length > 0 ? things : undefined;
}

function booksOf(clause: string, sentence: string, { description, catalogue }: AskedContext): string {
  const names = (text: string): string | undefined => {
    if (/\bquickbooks\b|\bqbo\b|\bthe books\b/i.test(text)) return 'quickbooks';
    return /\bstripe\b/i.test(text) ? 'stripe' : undefined;
  };
  const books = names(clause) ?? names(sentence) ?? names(description) ?? 'quickbooks';
  return books === 'stripe' && !catalogue.providers.some(({ provider }) => provider === 'stripe') ? 'quickbooks' : books;
}

/** Whether a sentence's doings hold one of this pattern. */
export function isAsked(pattern: DoingPattern, doings: DoingSaid[], event: string | undefined): boolean {
  return doings.some((doing) => {
    if (!listOf(pattern.action).some((action) => doing.actions.includes(action))) return false;
    // "Invoice the client" speaks of an invoice that no noun names.
    const isInvoicing = (doing.verb === 'invoice' || doing.verb === 'bill') && listOf(pattern.object ?? []).includes('invoice');
    if (
      pattern.object !== undefined &&
      !isInvoicing &&
      !listOf(pattern.object).some((thing) => doing.objects.some(({ things }) => things.includes(thing)))
    )
      return false;
    return pattern.to === undefined || listOf(pattern.to).some((place) => placesOf(doing, event).includes(place));
  });
}

const known = new WeakMap<DoingSaid, Map<string, Place[]>>();

/** Asked for by every template: worked out once a doing. */
function placesOf(doing: DoingSaid, event: string | undefined): Place[] {
  const own = known.get(doing) ?? new Map<string, Place[]>();
  known.set(doing, own);
  const places = own.get(event ?? '') ?? findPlaces(doing, event);
  own.set(event ?? '', places);
  return places;
}

function findPlaces(doing: DoingSaid, event: string | undefined): Place[] {
  const medium = mediumOf(`${doing.verb} ${doing.text}`, { event }, doing.actions.includes('answer'));
  const places: { [medium: string]: Place } = { channel: 'channel', thread: 'thread', dm: 'person', mail: 'mail', reply: 'mail' };
  const named: [RegExp, Place][] = [
    [/\b(?:quickbooks|qbo|books)\b/i, 'books'],
    [/\b(?:calendar|diary)\b/i, 'calendar'],
    [/\bgithub\b/i, 'github'],
    [/\bstripe\b/i, 'stripe'],
  ];
  return [
    ...(places[medium] ? [places[medium]] : []),
    ...named.filter(([pattern]) => pattern.test(doing.text)).map(([, place]) => place),
  ];
}

function listOf<T>(one: T | readonly T[]): readonly T[] {
  return Array.isArray(one) ? (one as readonly T[]) : [one as T];
}
