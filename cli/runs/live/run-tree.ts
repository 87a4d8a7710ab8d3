import { makeVisitId, parseCallId, parseCapability, parseSkillRunId } from '../../../contracts/ids.ts';
import type { Json } from '../../../contracts/json.ts';
import type { AgentEventAnswer } from '../../client/answers/runs.ts';

export type Mark = 'running' | 'done' | 'failed' | 'interrupted' | 'asks';

/** A skill or a call of the tree, as far as the events tell. */
export interface Branch {
  title: string;
  mark: Mark;
  /** ISO instants. */
  startedAt: string;
  endedAt?: string;
  /** What it waits on, or why it ended so. */
  note?: string;
}

export interface SkillBranch extends Branch {
  waitsOn: string[];
  calls: Map<string, Branch>;
}

/** A run as a tree of skills and their calls, built of its events in any order that a stream may have. */
export interface RunTree {
  take(event: AgentEventAnswer): void;
  readonly run: Branch & { waitsOn: string[]; isPaused: boolean };
  /** By visit, in the order of starting. */
  readonly skills: ReadonlyMap<string, SkillBranch>;
}

const ENDS: { readonly [word: string]: Mark } = { completed: 'done', failed: 'failed', interrupted: 'interrupted' };
const CALL_ENDS: { readonly [word: string]: Mark } = { succeeded: 'done', refused: 'failed', maybe: 'asks' };

export function createRunTree(runId: string): RunTree {
  const run: RunTree['run'] = { title: runId, mark: 'running', startedAt: '', waitsOn: [], isPaused: false };
  const skills = new Map<string, SkillBranch>();
  const questions = new Map<string, Branch>();

  function skillAt(visit: string, at: string): SkillBranch {
    const known = skills.get(visit);
    if (known) return known;
    const made: SkillBranch = { title: visit, mark: 'running', startedAt: at, waitsOn: [], calls: new Map() };
    skills.set(visit, made);
    return made;
  }

  function onSkill(event: AgentEventAnswer, word: string): void {
    const visit = visitOf(textOf(event.data['skill_run']) ?? event.run_id);
    if (visit === undefined) return;
    const skill = skillAt(visit, event.timestamp);
    skill.title = textOf(event.data['title']) ?? skill.title;
    const end = ENDS[word];
    if (!end) return;
    const isTaken = event.data['taken_from_earlier_run'] === true;
    finish(skill, end, event.timestamp, isTaken ? 'taken from the earlier run' : reasonOf(event));
    skill.waitsOn = [];
  }

  function callOf(event: AgentEventAnswer): Branch | undefined {
    const id = textOf(event.data['call_id']);
    const parts = id === undefined ? undefined : parseCallId(id);
    const visit = visitOf(parts?.skillRun ?? '');
    if (id === undefined || visit === undefined) return undefined;
    const { calls } = skillAt(visit, event.timestamp);
    const known: Branch = calls.get(id) ?? { title: titleOf(event), mark: 'running', startedAt: event.timestamp };
    calls.set(id, known);
    return known;
  }

  function onCall(event: AgentEventAnswer, word: string): void {
    const call = callOf(event);
    if (!call) return;
    const end = CALL_ENDS[word];
    if (end === 'asks') Object.assign(call, { mark: end, note: 'nobody knows yet whether it happened' });
    else if (end) finish(call, end, event.timestamp, reasonOf(event));
    else if (word === 'resolved') Object.assign(call, { mark: 'running', note: textOf(event.data['resolution']) });
  }

  function onApproval(event: AgentEventAnswer, word: string): void {
    const id = textOf(event.data['approval_id']) ?? '';
    if (word === 'requested') {
      const call = callOf(event);
      if (!call) return;
      questions.set(id, call);
      Object.assign(call, { mark: 'asks', note: textOf(event.data['question']) });
    } else {
      const call = questions.get(id);
      if (call?.mark === 'asks') Object.assign(call, { mark: 'running', note: textOf(event.data['status']) });
    }
  }

  function onRun(event: AgentEventAnswer, word: string): void {
    if (word === 'started') run.startedAt = event.timestamp;
    if (word === 'paused' || word === 'resumed') run.isPaused = word === 'paused';
    const end = ENDS[word];
    if (!end) return;
    finish(run, end, event.timestamp, reasonOf(event));
    Object.assign(run, { waitsOn: [], isPaused: false });
  }

  function onWaiting({ run_id, data, timestamp }: AgentEventAnswer): void {
    const on = Array.isArray(data['on']) ? data['on'].map(String) : [];
    const visit = visitOf(run_id);
    if (visit === undefined) run.waitsOn = on;
    else skillAt(visit, timestamp).waitsOn = on;
  }

  return {
    run,
    skills,
    take(event) {
      const [noun = '', word = ''] = event.kind.split('.');
      if (noun === 'run') onRun(event, word);
      else if (noun === 'skill') onSkill(event, word);
      else if (noun === 'call') onCall(event, word);
      else if (noun === 'approval') onApproval(event, word);
      else if (noun === 'waiting') onWaiting(event);
    },
  };
}

function finish(branch: Branch, mark: Mark, at: string, note: string | undefined): void {
  Object.assign(branch, { mark, endedAt: at, note });
}

/** A call id names the skill run of the first run of a chain of retries; the visit is the same in all of them. */
function visitOf(skillRun: string): string | undefined {
  const parts = parseSkillRunId(skillRun);
  return parts && makeVisitId(parts);
}

/** `slack.post #billing`: the capability, and the shortest parameter that is a text. */
function titleOf({ data }: AgentEventAnswer): string {
  const capability = textOf(data['capability']) ?? 'call';
  const { parameters } = data;
  const isObject = typeof parameters === 'object' && parameters !== null && !Array.isArray(parameters);
  const texts = Object.values(isObject ? parameters : {}).filter((value) => typeof value === 'string');
  const shortest = texts.toSorted((a, b) => a.length - b.length)[0];
  return [parseCapability(capability)?.capability ?? capability, shortest].filter((word) => word !== undefined).join(' ');
}

function reasonOf({ data }: AgentEventAnswer): string | undefined {
  const reason = [textOf(data['error_code']) ?? textOf(data['code']), textOf(data['error']) ?? textOf(data['message'])];
  return [...new Set([...reason, textOf(data['reason'])])].filter((word) => word !== undefined).join(': ') || undefined;
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
