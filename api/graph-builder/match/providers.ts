import type { Catalogue } from '../../../contracts/capability.ts';

interface KnownSystem {
  title: string;
  /** Its name in a catalogue, where Clancy has or will have it. */
  provider?: string;
  /** The text surely speaks of this system. */
  named: RegExp;
  /** Words of its trade: used for the reason when nothing was understood, never against a match. */
  hints?: RegExp;
  /** Whoever must keep away from money must keep away from it. */
  holdsMoney?: true;
}

const SYSTEMS: KnownSystem[] = [
  {
    title: 'QuickBooks',
    provider: 'quickbooks',
    named: /\b(?:quickbooks|qbo|our books)\b/i,
    hints: /(?<!#)\b(?:invoic\w+|bills?|payments?|profit and loss|receivables|bookkeeping|accounting)\b/i,
    holdsMoney: true,
  },
  {
    title: 'Gmail',
    provider: 'gmail',
    named:
      /\b(?:gmail|e-?mail(?:s|ed|ing)?|mail(?:s|ed|box(?:es)?)?|inbox|newsletters?|subject lines?)\b|\b[a-z]+@(?=[\s,.;:)]|$)/i,
    hints: /\bdrafts?\b/i,
  },
  {
    title: 'A calendar',
    provider: 'calendar',
    named: /\b(?:calendars?|google meet)\b/i,
    hints: /\b(?:meetings?|appointments?)\b/i,
  },
  { title: 'A meeting service', named: /\b(?:zoom|outlook)\b/i },
  { title: 'A CRM', named: /\b(?:crm|salesforce|hubspot|pipedrive)\b/i },
  { title: 'GitHub', provider: 'github', named: /\b(?:github|pull requests?)\b/i },
  {
    title: 'An issue tracker',
    named: /\b(?:jira|linear|gitlab|trello|asana|zendesk|intercom|clickup|monday\.com)\b/i,
    hints: /\btickets?\b/i,
  },
  {
    title: 'A document store',
    named: /\b(?:notion|google (?:docs?|drive|sheets?)|dropbox|sharepoint|confluence|spreadsheets?|excel|airtable)\b/i,
  },
  { title: 'Microsoft Teams', named: /\b(?:microsoft teams|ms teams|discord|whatsapp|telegram)\b/i },
  { title: 'Social media', named: /\b(?:social media|twitter|linkedin|instagram|facebook|tiktok|mastodon)\b/i },
  { title: 'Stripe', provider: 'stripe', named: /\bstripe\b/i, holdsMoney: true },
  { title: 'A payment service', named: /\b(?:paypal|bank (?:account|transfer)s?)\b/i },
  { title: 'The telephone', named: /\b(?:(?:tele)?phone|sms|call (?:the|our|each|every) (?:customers?|clients?))\b/i },
  { title: 'The web', named: /\b(?:website|web ?shop|google for|search the web)\b/i, hints: /\b(?:flights?|hotels?)\b/i },
];

function isHere(system: KnownSystem, catalogue: Catalogue): boolean {
  return system.provider !== undefined && catalogue.providers.some(({ provider }) => provider === system.provider);
}

/** Why a passage cannot be done for want of a provider; undefined when it names none that is missing. */
export function missingProvider(text: string, catalogue: Catalogue, withHints = false): string | undefined {
  const plain = text.replace(/#[\p{L}\p{N}_-]+/gu, ' ').replace(/"[^"]*"/g, ' ');
  const found = SYSTEMS.find(
    (system) => !isHere(system, catalogue) && (system.named.test(plain) || (withHints && system.hints?.test(plain) === true)),
  );
  return found ? `${found.title} is not connected to Clancy yet.` : undefined;
}

/** Provider ids whose whole use a prohibition such as "no e-mail" or "no access to money" rules out. */
export function providersMeant(text: string): string[] {
  const money = /\b(?:money|payments?|invoices?|bills?|books|accounts?)\b/i;
  return SYSTEMS.flatMap(({ provider, named, holdsMoney }) => {
    if (provider === undefined) return [];
    return named.test(text) || (holdsMoney && money.test(text.replace(/#\S+|\S+@\S+/g, ' '))) ? [provider] : [];
  });
}
