/**
 * The identifiers of Clancy: made, parsed and checked in one place.
 *
 * No zod and no Node built-ins here: workflows import this file into Temporal's sandbox.
 * Every `make…` throws `RangeError` on parts that its `parse…` would refuse, so that an id that exists can be read back.
 */

const CROCKFORD = '0123456789abcdefghjkmnpqrstvwxyz';
const EMPLOYEE = '[0-9a-hjkmnp-tv-z]{26}';
const NODE = '[a-z][a-z0-9_]{0,47}';
const MINUTE = '\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}Z';
const MILLISECOND = '\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z';
const RUN = `emp:(${EMPLOYEE})_v([1-9]\\d{0,8}):(${MINUTE}|${MILLISECOND})(?:~([1-9]\\d{0,8}))?(?:~r([1-9]\\d{0,8}))?`;
const PATH = `${NODE}(?:/${NODE})*`;
const SKILL_RUN = `(${RUN}):skill:(${NODE})(?:~([1-9]\\d{0,8}))?`;

const EMPLOYEE_PATTERN = new RegExp(`^${EMPLOYEE}$`);
const NODE_PATTERN = new RegExp(`^${NODE}$`);
const GRAPH_PATTERN = new RegExp(`^emp_(${EMPLOYEE})_v([1-9]\\d{0,8})$`);
const RUN_PATTERN = new RegExp(`^${RUN}$`);
const SKILL_RUN_PATTERN = new RegExp(`^${SKILL_RUN}$`);
const AGENT_PATTERN = new RegExp(`^(${SKILL_RUN}):agent:(${PATH})$`);
const CALL_PATTERN = new RegExp(`^(${SKILL_RUN})((?::item:${PATH}:\\d{1,9})*):call:([1-9]\\d{0,8})$`);
const CAPABILITY_PATTERN = /^([a-z][a-z0-9-]{0,39})\/([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*){1,3})$/;

/** A run: one execution of an employee version. `retry` counts the retries of the run named by the other parts. */
export interface RunParts {
  employee: string;
  version: number;
  /** The scheduled minute (`2025-06-09T18:00Z`) for schedules, milliseconds otherwise; always UTC. */
  at: string;
  /** Set from 1 upwards where two runs would otherwise have the same id. */
  twin?: number;
  retry?: number;
}

/** One execution of a skill node. `visit` counts the visits of the node from 1. */
export interface SkillRunParts {
  run: string;
  node: string;
  visit: number;
}

/** One item of a `foreach`: the path of its node from the root of the burst thread that met it, and its index. */
export interface ItemPart {
  path: string;
  index: number;
}

export interface CallParts {
  /** The skill run within the call scope: the first run of a chain of retries. */
  skillRun: string;
  items: ItemPart[];
  /** Number of the request within its burst thread, from 1. */
  n: number;
}

/** 128 random bits as 26 characters of lower-case Crockford base32 (the first character carries 3 bits). */
export function makeEmployeeId(random: Uint8Array): string {
  if (random.length !== 16) throw new RangeError('an employee id is made of 16 random bytes');
  let value = random.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  let text = '';
  for (let i = 0; i < 26; i += 1) {
    text = CROCKFORD.charAt(Number(value & 31n)) + text;
    value >>= 5n;
  }
  return text;
}

export function isEmployeeId(text: string): boolean {
  return EMPLOYEE_PATTERN.test(text);
}

/** Node ids start with a letter and hold lower-case letters, digits and `_`, 48 characters at most. */
export function isNodeId(text: string): boolean {
  return NODE_PATTERN.test(text);
}

export function makeGraphId(employee: string, version: number): string {
  return checked(GRAPH_PATTERN, `emp_${employee}_v${version}`);
}

export function parseGraphId(text: string): { employee: string; version: number } | undefined {
  const match = GRAPH_PATTERN.exec(text);
  return match ? { employee: match[1]!, version: Number(match[2]) } : undefined;
}

export function makeRunId(parts: RunParts): string {
  const twin = parts.twin === undefined ? '' : `~${parts.twin}`;
  const retry = parts.retry === undefined ? '' : `~r${parts.retry}`;
  return checked(RUN_PATTERN, `emp:${parts.employee}_v${parts.version}:${parts.at}${twin}${retry}`);
}

export function parseRunId(text: string): RunParts | undefined {
  const match = RUN_PATTERN.exec(text);
  if (!match) return undefined;
  const [, employee, version, at, twin, retry] = match;
  return {
    employee: employee!,
    version: Number(version),
    at: at!,
    ...(twin !== undefined && { twin: Number(twin) }),
    ...(retry !== undefined && { retry: Number(retry) }),
  };
}

/** The first run of the chain of retries that `run` belongs to: what its call ids are built from. */
export function callScopeOf(run: string): string {
  const parts = parseRunId(run);
  if (!parts) throw new RangeError('not a run id');
  const { retry: _retry, ...first } = parts;
  return makeRunId(first);
}

/** A visit of a skill node within its run: the node, and `~{k}` for the k-th visit. */
export function makeVisitId({ node, visit }: Pick<SkillRunParts, 'node' | 'visit'>): string {
  return visit === 1 ? node : `${node}~${visit}`;
}

/** The moment that a run's id names, in milliseconds since the epoch; undefined where there is no such moment. */
export function instantOfRun(run: string): number | undefined {
  const ms = Date.parse(parseRunId(run)?.at ?? '');
  return Number.isNaN(ms) ? undefined : ms;
}

export function makeSkillRunId(parts: SkillRunParts): string {
  return checked(SKILL_RUN_PATTERN, `${parts.run}:skill:${makeVisitId(parts)}`);
}

/** Where a burst thread stands under its skill run: the empty text for the skill's own, `:item:{path}:{index}` per `foreach`. */
export function makeThreadPlace(items: readonly ItemPart[]): string {
  return items.map(({ path, index }) => `:item:${path}:${index}`).join('');
}

export function parseSkillRunId(text: string): SkillRunParts | undefined {
  const match = SKILL_RUN_PATTERN.exec(text);
  if (!match || match[8] === '1') return undefined;
  return { run: match[1]!, node: match[7]!, visit: match[8] === undefined ? 1 : Number(match[8]) };
}

/** `path` is the way of node ids from the skill's graph down to the micro-agent, joined by `/`. */
export function makeMicroAgentId(skillRun: string, path: string): string {
  return checked(AGENT_PATTERN, `${skillRun}:agent:${path}`);
}

export function parseMicroAgentId(text: string): { skillRun: string; path: string } | undefined {
  const match = AGENT_PATTERN.exec(text);
  return match ? { skillRun: match[1]!, path: match[10]! } : undefined;
}

export function makeCallId(parts: CallParts): string {
  return checked(CALL_PATTERN, `${parts.skillRun}${makeThreadPlace(parts.items)}:call:${parts.n}`);
}

export function parseCallId(text: string): CallParts | undefined {
  const match = CALL_PATTERN.exec(text);
  if (!match || !parseSkillRunId(match[1]!)) return undefined;
  const items = [...match[10]!.matchAll(new RegExp(`:item:(${PATH}):(\\d+)`, 'g'))];
  return {
    skillRun: match[1]!,
    items: items.map((item) => ({ path: item[1]!, index: Number(item[2]) })),
    n: Number(match[11]),
  };
}

/** `slack/slack.post`: a capability id qualified by its provider, the form of scopes, grants and receipts. */
export function qualifyCapability(provider: string, capability: string): string {
  return checked(CAPABILITY_PATTERN, `${provider}/${capability}`);
}

export function parseCapability(text: string): { provider: string; capability: string } | undefined {
  const match = CAPABILITY_PATTERN.exec(text);
  return match ? { provider: match[1]!, capability: match[2]! } : undefined;
}

function checked(pattern: RegExp, text: string): string {
  if (!pattern.test(text)) throw new RangeError(`parts make no well-formed id: ${text.slice(0, 200)}`);
  return text;
}
