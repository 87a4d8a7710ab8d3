import { z } from 'zod';
import { canonicalHash } from '../../contracts/digest.ts';
import { jsonSchema, type Json, type JsonObject } from '../../contracts/json.ts';
import { effectView, type Effect } from './effects.ts';

const changedField = z.strictObject({
  /** JSON Pointer into the parameters. */
  field: z.string(),
  /** Absent = it was not there. */
  before: jsonSchema.optional(),
  after: jsonSchema.optional(),
});

export const comparisonView = z.strictObject({
  /** In plain words, one per difference. */
  sentences: z.array(z.string()),
  /** The rehearsed version would do these besides. */
  added: z.array(effectView),
  /** The active version does these, the rehearsed one would not. */
  removed: z.array(effectView),
  /** Both would, otherwise. */
  changed: z.array(z.strictObject({ before: effectView, after: effectView, fields: z.array(changedField) })),
  /** How many would be the same. */
  same: z.int(),
});
export type Comparison = z.infer<typeof comparisonView>;

/** What would be done otherwise than now. Effects are matched by what they do, not by when. */
export function compareEffects(
  before: readonly Effect[],
  after: readonly Effect[],
  nameOf: (effect: Effect) => string,
): Comparison {
  const old = [...before];
  const fresh = takeEqual(old, after);
  const changed: Comparison['changed'] = [];
  const added: Effect[] = [];
  for (const effect of fresh) {
    const index = old.findIndex((one) => isAbout(one, effect, nameOf));
    const [match] = index < 0 ? [] : old.splice(index, 1);
    if (match) changed.push({ before: match, after: effect, fields: changedFields(match, effect) });
    else added.push(effect);
  }
  const sentences = [
    ...added.map((effect) => `Would also ${describe(effect, nameOf)}.`),
    ...old.map((effect) => `Would no longer ${describe(effect, nameOf)}.`),
    ...changed.map((one) => sentenceOf(one, nameOf)),
  ];
  return { sentences, added, removed: old, changed, same: after.length - added.length - changed.length };
}

/** Takes what is alike out of `old`; answers what is left of `after`. */
function takeEqual(old: Effect[], after: readonly Effect[]): Effect[] {
  return after.filter((effect) => {
    const index = old.findIndex((one) => identityOf(one) === identityOf(effect));
    if (index >= 0) old.splice(index, 1);
    return index < 0;
  });
}

function identityOf({ capability, connection_id, parameters, would_ask, refused }: Effect): string {
  return canonicalHash({ capability, connection_id, parameters, would_ask, refused: refused?.code ?? null });
}

/** The same kind of effect on the same thing: channel, recipient, customer. */
function isAbout(one: Effect, other: Effect, nameOf: (effect: Effect) => string): boolean {
  return one.capability === other.capability && nameOf(one) === nameOf(other);
}

function describe(effect: Effect, nameOf: (effect: Effect) => string): string {
  const name = nameOf(effect);
  const what = `use ${effect.capability}${name === '' ? '' : ` (${name})`}`;
  if (effect.refused) return `try to ${what}, and be refused: ${effect.refused.message.replace(/\.$/, '')}`;
  return effect.would_ask ? `${what}, after asking ${askedOf(effect.would_ask.approvers)}` : what;
}

export function askedOf(approvers: readonly string[]): string {
  return approvers.length === 0 ? 'whoever may approve' : approvers.join(', ');
}

function sentenceOf({ before, after, fields }: Comparison['changed'][number], nameOf: (effect: Effect) => string): string {
  const name = nameOf(after);
  const subject = `${after.capability}${name === '' ? '' : ` (${name})`}`;
  const said = [
    ...(fields.length > 0 ? [`with another ${fields.map(({ field }) => field.slice(1)).join(', ')}`] : []),
    ...(before.connection_id === after.connection_id ? [] : ['over another connection']),
    ...askChange(before, after),
    ...(before.refused?.code === after.refused?.code ? [] : [after.refused ? 'but be refused' : 'and no longer be refused']),
  ];
  return `Would use ${subject} ${said.length === 0 ? 'otherwise' : said.join(', ')}.`;
}

function askChange(before: Effect, after: Effect): string[] {
  if (before.would_ask && !after.would_ask) return ['without asking first'];
  if (!after.would_ask) return [];
  const asked = askedOf(after.would_ask.approvers);
  if (!before.would_ask) return [`after asking ${asked}`];
  return askedOf(before.would_ask.approvers) === asked ? [] : [`after asking ${asked} instead`];
}

function changedFields({ parameters: before }: Effect, { parameters: after }: Effect): z.infer<typeof changedField>[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
  return names.filter((name) => !isSame(own(before, name), own(after, name))).map((name) => changeOf(name, before, after));
}

function changeOf(name: string, before: JsonObject, after: JsonObject): z.infer<typeof changedField> {
  const [old, fresh] = [own(before, name), own(after, name)];
  const field = `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  return { field, ...(old !== undefined && { before: old }), ...(fresh !== undefined && { after: fresh }) };
}

function own(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function isSame(one: Json | undefined, other: Json | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return canonicalHash(one) === canonicalHash(other);
}
