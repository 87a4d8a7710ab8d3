import type { Catalogue } from '../../../contracts/capability.ts';
import { jsonSchema, type Json } from '../../../contracts/json.ts';
import type { PolicyRule } from '../../../contracts/policy.ts';
import { stringsIn } from '../checker/walk.ts';
import { findCapability } from '../catalogue.ts';
import { capabilitiesOf } from '../graph-capabilities.ts';
import { covers } from '../limits/contradictions.ts';
import type { Duty } from '../match/duty.ts';
import type { SkillTemplate } from '../templates/template.ts';
import { asksFor } from './asks-for.ts';

export interface Grounds {
  /** The whole description. */
  text: string;
  rules: PolicyRule[];
  /** Of the library, whose capabilities are there. */
  templates: SkillTemplate[];
  catalogue: Catalogue;
}

/**
 * What a skill of a model would have beyond what its sentences need; empty = nothing. Each capability must be asked for by
 * one of the sentences. A read may also be one that a template of the library needs for what is asked for, such as finding
 * a person before writing to them. Prohibitions of the text hold, and nobody is written to whom the text does not name.
 */
export function unjustified(duty: Duty, grounds: Grounds): string[] {
  const used = capabilitiesIn(duty.template);
  const known = used.filter((name) => findCapability(grounds.catalogue, name) !== undefined);
  const asked = known.filter((name) => isAsked(name, duty.sentences, grounds));
  return [
    ...used
      .filter((name) => !known.includes(name))
      .map((name) => `${name} is no capability of the catalogue; use one that is given under "capabilities"`),
    ...known
      .filter((name) => !asked.includes(name) && !ridesAlong(name, asked, duty, grounds))
      .map((name) => `no sentence that the skill names asks for ${name}; leave it out, or name the sentence that does`),
    ...known.flatMap((name) => forbidden(name, grounds.rules)),
    ...strangers(duty, grounds),
  ];
}

function isAsked(name: string, sentences: string[], grounds: Grounds): boolean {
  const capability = findCapability(grounds.catalogue, name);
  return capability !== undefined && sentences.some((sentence) => asksFor(sentence, capability, grounds));
}

function ridesAlong(name: string, asked: string[], duty: Duty, grounds: Grounds): boolean {
  if (findCapability(grounds.catalogue, name)?.risk !== 'read') return false;
  return grounds.templates.some((template) => {
    const used = capabilitiesIn(template);
    const writes = used.filter((one) => findCapability(grounds.catalogue, one)?.risk !== 'read');
    const fits = used.some((one) => asked.includes(one)) && writes.every((one) => isAsked(one, duty.sentences, grounds));
    return fits && used.includes(name);
  });
}

function forbidden(name: string, rules: PolicyRule[]): string[] {
  const rule = rules.find(({ capability, effect, when }) => effect === 'deny' && when === undefined && covers(capability, name));
  return rule ? [`the description forbids ${name}: "${rule.sentence ?? rule.reason}"`] : [];
}

/** Addresses, channels, handles and links: places that words can go to. */
const PLACES = /(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+|https?:\/\/[^\s"']+|(?<![\w&])[#@][\p{L}][\p{L}\p{N}_.-]*/gu;

function strangers({ template, slots }: Duty, { text, templates }: Grounds): string[] {
  const said = text.toLowerCase();
  const written: Json = jsonSchema.parse({ slots, graphs: templates.includes(template) ? [] : template.graphs });
  const places = stringsIn(written).flatMap((one) => one.match(PLACES) ?? []);
  const unknown = places.map((place) => place.toLowerCase().replace(/[.-]+$/, '')).filter((place) => !said.includes(place));
  return [...new Set(unknown)].map((place) => `the description does not name ${place}`);
}

function capabilitiesIn({ graphs }: SkillTemplate): string[] {
  return capabilitiesOf(graphs[0].id, Object.fromEntries(graphs.map((graph) => [graph.id, graph])));
}
