import { ianaName } from '../../schedules/times/zone.ts';

/** Names people use that are no part of an IANA zone's own name. */
const ALIASES: { [name: string]: string } = {
  UTC: 'UTC',
  GMT: 'UTC',
  CET: 'Europe/Berlin',
  CEST: 'Europe/Berlin',
  EST: 'America/New_York',
  EDT: 'America/New_York',
  ET: 'America/New_York',
  Eastern: 'America/New_York',
  CST: 'America/Chicago',
  CDT: 'America/Chicago',
  CT: 'America/Chicago',
  Central: 'America/Chicago',
  MST: 'America/Denver',
  MDT: 'America/Denver',
  Mountain: 'America/Denver',
  PST: 'America/Los_Angeles',
  PDT: 'America/Los_Angeles',
  PT: 'America/Los_Angeles',
  Pacific: 'America/Los_Angeles',
  BST: 'Europe/London',
  IST: 'Asia/Kolkata',
  JST: 'Asia/Tokyo',
  AEST: 'Australia/Sydney',
  'San Francisco': 'America/Los_Angeles',
  Seattle: 'America/Los_Angeles',
  Boston: 'America/New_York',
  Washington: 'America/New_York',
  Miami: 'America/New_York',
  Austin: 'America/Chicago',
  Dallas: 'America/Chicago',
  Houston: 'America/Chicago',
  Munich: 'Europe/Berlin',
  Hamburg: 'Europe/Berlin',
  Cologne: 'Europe/Berlin',
  Frankfurt: 'Europe/Berlin',
  Utrecht: 'Europe/Amsterdam',
  Rotterdam: 'Europe/Amsterdam',
  Barcelona: 'Europe/Madrid',
  Milan: 'Europe/Rome',
  Geneva: 'Europe/Zurich',
  Lyon: 'Europe/Paris',
  Manchester: 'Europe/London',
  Edinburgh: 'Europe/London',
  Mumbai: 'Asia/Kolkata',
  Delhi: 'Asia/Kolkata',
  Bangalore: 'Asia/Kolkata',
  Beijing: 'Asia/Shanghai',
  'Cape Town': 'Africa/Johannesburg',
  Wellington: 'Pacific/Auckland',
  Montreal: 'America/Toronto',
  Rio: 'America/Sao_Paulo',
};
const ZONES = Intl.supportedValuesOf('timeZone');
const BY_NAME = new Map<string, string>([
  ...ZONES.filter((zone) => zone.includes('/')).map((zone): [string, string] => [
    zone.split('/').at(-1)!.replaceAll('_', ' '),
    zone,
  ]),
  ...Object.entries(ALIASES),
]);
const NAMES = [...BY_NAME.keys()]
  .sort((one, other) => other.length - one.length)
  .map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  .join('|');
const SAID = [
  new RegExp(`\\b(${NAMES})(?:'s)?\\s+(?:local\\s+)?time\\b`),
  new RegExp(`\\btime (?:zone )?(?:of|in|is|:)\\s*(${NAMES})\\b`),
  new RegExp(`\\d\\s*(?:am|pm|h|o'clock)?,?\\s*\\(?(${Object.keys(ALIASES).slice(0, 20).join('|')})\\b`),
  new RegExp(`\\b(?:I'm|I am|we are|we're|we sit|based|located|office is|live)\\s+(?:in|at)\\s+(${NAMES})\\b`),
];

/** The IANA zone that a text states for its times; a city that is only mentioned states none. */
export function findTimezone(text: string): string | undefined {
  const literal = /\b[A-Z][A-Za-z]+\/[A-Z][A-Za-z_]+(?:\/[A-Z][A-Za-z_]+)?\b/.exec(text)?.[0];
  const stated = literal === undefined ? undefined : ianaName(literal);
  if (stated !== undefined) return stated;
  for (const pattern of SAID) {
    const name = pattern.exec(text)?.[1];
    if (name) return BY_NAME.get(name);
  }
  return undefined;
}
