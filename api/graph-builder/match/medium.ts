import { channelMentions } from '../slots/channels.ts';
import { INSIDERS, OUTSIDERS } from './lexicon/people.ts';

/** How words reach somebody. `nowhere`: the text does not say, or says a way that no software here has. */
export type Medium = 'channel' | 'thread' | 'dm' | 'mail' | 'reply' | 'nowhere';

const RULED_OUT =
  /\b(?:not|never|no|without|rather than|instead of|except)\s+(?:(?:in|on|by|via|to|a|an|the|any|another|as|public|open)\s+)*(?:(?:public\s+)?channels?|e-?mails?|mails?|direct messages?|dms?|slack|threads?|#[\w-]+)\b/giu;
const DM =
  /\b(?:direct(?: slack)? messages?|dms?|dm'?d|private(?:ly)?(?: slack)?(?: messages?)?|personal(?:ly)?(?: slack)?(?: messages?)?|slack me|ping me|message me|in private|one-to-one message|slack (?:dm|message) to (?:me|@?\p{Lu}|our|the|my)|in person on slack)\b/iu;
/** "Message Dr. Amari the list of customers": the one who gets it stands behind the verb, whoever else is spoken of. */
const MESSAGE_TO = /\b[Mm]essages?\s+(?:(?:Dr|Mr|Mrs|Ms|Prof|Frau|Herr)\.?\s+)?(?:@[\p{L}\p{N}]|\p{Lu}\p{Ll})/u;
const SLACK = /\b(?:slack)\b/i;
const THREAD =
  /\b(?:in|into|on|under|inside|within|to|as)\s+(?:(?:the|that|its|their|this|a|same|very|slack|message's|question's)\s+)*thread(?:ed)?\b|\bthread reply\b/i;
const MAIL = /\b(?:e-?mail(?:s|ed|ing)?|mail(?:s|ed|ing)?|gmail|newsletters?|inbox|mailbox)\b/i;
const ADDRESS = /[\p{L}\p{N}._+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/u;
const UNNAMED_CHANNEL =
  /\b(?:in|to|into|on)\s+(?:(?:the|our|a|its|their|that|this|\p{L}+)\s+){0,3}(?:slack\s+)?channel\b|\b(?:in|to|on)\s+(?:the\s+)?(?:team|company|general|main)(?:'s)?\s+(?:slack|chat)\b/iu;
/** Ways that take hands, feet or a voice. */
export const BY_HAND =
  /\b(?:phone|telephone|by phone|call them|in person|at the (?:door|desk|counter|gate|reception|entrance|front desk|till)|on paper|paper letters?|by (?:post|courier|hand|fax)|post office|postal|franking|envelopes?|face to face|fax|whatsapp|sms|text message|megaphone|whiteboard|noticeboard|notice board|bulletin board|sticky notes?|flyers?|leaflets?|door to door|stamps?|parcels?|packages?|doorbell|switchboard|front door|hand-?written|printed?|printing|printer)\b/i;

/** Told in a channel, which one is asked. */
const GROUPS =
  /\b(?:people|folks|everyone|everybody|the (?:whole )?team|our team|my team|staff|crew|all colleagues|colleagues|the company|the office|the group|sales|support|finance|engineering|marketing)\b/i;

export interface Around {
  /** Where what is answered came from. */
  event?: string | undefined;
}

/** The way that words of this passage go. */
export function mediumOf(passage: string, { event }: Around, isAnswer: boolean, isReminder = false): Medium {
  const text = passage.replace(RULED_OUT, ' ').replace(/"[^"]*"/g, ' ');
  const plain = text.replace(/#[\p{L}\p{N}_-]+/gu, ' ');
  const toChannel = channelMentions(text).some(
    ({ name, role }) => role === 'target' || (role === 'unknown' && text.includes(name)),
  );
  if (toChannel && !/\bdm\b|\bdirect message/i.test(text)) return 'channel';
  if (DM.test(plain) || MESSAGE_TO.test(plain)) return 'dm';
  if (THREAD.test(plain)) return 'thread';
  if (UNNAMED_CHANNEL.test(plain) && !MAIL.test(plain)) return 'channel';
  if (ADDRESS.test(plain) || (MAIL.test(plain) && !SLACK.test(plain))) return isAnswer ? 'reply' : 'mail';
  if (SLACK.test(plain)) return namesSomebody(plain) ? 'dm' : 'channel';
  if (/\b(?:post|publish|share|put|announce|drop|pass|report)\w*\b[^.]*\b(?:in|to|into|on)\s+(?:the\s+)?#/i.test(text))
    return 'channel';
  if (BY_HAND.test(plain)) return 'nowhere';
  if (isAnswer && event === 'gmail') return 'reply';
  if (isAnswer && event === 'slack') return 'thread';
  if (OUTSIDERS.test(plain)) return MAIL.test(plain) || event !== 'slack' ? 'mail' : 'thread';
  if (isReminder && /\b(?:those|whoever|anyone|anybody|everyone|everybody|who|people|them)\b/i.test(plain)) return 'dm';
  if (namesSomebody(plain)) return 'dm';
  return GROUPS.test(plain) ? 'channel' : 'nowhere';
}

const NAMED =
  /\b(?:to|for|with|tell|ask|dm|message|ping|alert|send|give|inform|notify|email|mail|let|remind|warn|nudge|write|brief|slack|text|and|or|our|my|the)\s+(?:(?:our|my|the)\s+)?(?:[\p{Ll}-]+\s+){0,2}?(?:[\p{Ll}-]+,\s+)?(?!(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|January|February|March|April|May|June|July|August|September|October|November|December|QuickBooks|Gmail|Slack|Stripe|GitHub|UTC|CET|I|CRM|PDF|VAT|AM|PM|DM|English|French|German|Spanish|Dutch|Italian|Excel|Google|Calendar|Drafts|New|Europe|America|London|Berlin|Paris|Vienna|Zurich)s?\b)\p{Lu}\p{Ll}+(?!\s+(?:time|office|invoices?|bills?|accounts?|label))/u;

/** A name where a person stands, a handle, or a role of the firm. */
export function namesSomebody(text: string): boolean {
  return (
    /(?:^|[\s(])@[\p{L}\p{N}]/u.test(text) ||
    NAMED.test(text.replace(/^\p{Lu}/u, (letter) => letter.toLowerCase())) ||
    INSIDERS.test(text)
  );
}
