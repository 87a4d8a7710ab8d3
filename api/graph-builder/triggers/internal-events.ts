import type { EventFilter } from '../../../contracts/trigger.ts';

interface InternalEvent {
  type: string;
  /** How a condition says it; a group `who` names the employee that it must be about. */
  says: RegExp;
  filter?: EventFilter;
}

/** Right before the word: "a payroll run" and "the internet connection" are others' runs and connections. */
const ANY = String.raw`(?:^|\b(?:an?|any|one|some|each|every|another|when(?:ever)?|if)\s+)`;
const RUN = String.raw`${ANY}runs?\b(?: (?:of|by) (?<who>[^,.;]{1,60}?))?`;
const HAS = String.raw`(?: (?:has|have|is|are|was|gets|got|been))*`;
const PROVIDER = String.raw`(?:(?:slack|gmail|google(?: calendar)?|calendar|quickbooks|stripe|github)\s+)`;
const CONNECTION = String.raw`(?:${ANY}${PROVIDER}?|\b(?:the|our)\s+${PROVIDER})(?:connections?|integrations?)\b[^,.;]{0,30}?`;
const APPROVAL = String.raw`(?:\b(?:an|any|each|every|another)\s+approval(?: request)?|(?:^|\bwhen(?:ever)?\s+)approvals)\b`;

/** Facts of our own that a duty may wait for. */
const INTERNAL_EVENTS: readonly InternalEvent[] = [
  { type: 'clancy.run_failed', says: new RegExp(`${RUN}${HAS} (?:fail(?:s|ed)?|breaks?|goes wrong)\\b`, 'i') },
  { type: 'clancy.run_interrupted', says: new RegExp(`${RUN}${HAS} (?:cancell?ed|terminated|interrupted|stopped)\\b`, 'i') },
  { type: 'clancy.run_completed', says: new RegExp(`${RUN}${HAS} (?:completes?d?|succeeds?|succeeded|ends well)\\b`, 'i') },
  {
    type: 'clancy.connection_needs_reauth',
    says: new RegExp(
      `${CONNECTION}(?:stops? working|stopped working|breaks?|broken?|expires?d?|needs? (?:a person|re-?auth|to be (?:re-?connected|re-?authori[sz]ed|connected again)))`,
      'i',
    ),
  },
  {
    type: 'clancy.connection_disconnected',
    says: new RegExp(`${CONNECTION}(?:removed|disconnected|revoked|taken away)\\b`, 'i'),
  },
  {
    type: 'clancy.approval_decided',
    says: new RegExp(`${APPROVAL}${HAS} (?:rejected|refused|denied|declined)\\b`, 'i'),
    filter: { status: 'rejected' },
  },
  {
    type: 'clancy.approval_decided',
    says: new RegExp(`${APPROVAL}${HAS} (?:given|granted|approved)\\b`, 'i'),
    filter: { status: 'approved' },
  },
  { type: 'clancy.approval_decided', says: new RegExp(`${APPROVAL}${HAS} (?:decided|answered)\\b`, 'i') },
  { type: 'clancy.approval_expired', says: new RegExp(`${APPROVAL}${HAS} (?:expires?d?|times? out|left unanswered)\\b`, 'i') },
  {
    type: 'clancy.approval_requested',
    says: new RegExp(`${APPROVAL}${HAS} (?:asked for|requested|needed|waits?|waiting)\\b`, 'i'),
  },
];

/** Words that name no employee: `a run of an employee`. */
const ANYBODY =
  /^(?:(?:an?|any|one|some|each|every|the|our|your|my|all)\s+)*(?:(?:other|ai)\s+)*(?:employees?|agents?|bots?|yours?|ours?|anybody|anyone|somebody)$/i;

/** The facts that a condition waits for, such as "a run of the Billing clerk fails". */
export function internalEventsOf(about: string): { type: string; filter: EventFilter }[] {
  for (const { type, says, filter } of INTERNAL_EVENTS) {
    const found = says.exec(about);
    if (!found) continue;
    const who = found.groups?.['who']
      ?.trim()
      .replace(/^the\s+/i, '')
      .replace(/["“”']/g, '');
    const employee = who === undefined || who === '' || ANYBODY.test(who) ? {} : { employee: who };
    return [{ type, filter: { ...filter, ...employee } }];
  }
  return [];
}
