import type { EmployeeGraph } from '../../../contracts/employee-graph.ts';
import { makeThreadPlace, makeVisitId, parseSkillRunId } from '../../../contracts/ids.ts';
import type { Json } from '../../../contracts/json.ts';
import type { ResumedBurst, ResumedSkill, RunResume } from '../../../contracts/resume.ts';
import type { SkillRunResult } from '../../../contracts/run.ts';
import type { RecordedBurst } from './recorded.ts';

/** How far the skills of a run have come, as its histories tell from the first event on. */
export interface Progress {
  burst(burst: RecordedBurst): void;
  /** A skill run ended well. */
  finished(skillRun: string, result: SkillRunResult): void;
  /** Edge conditions were decided. */
  decided(taken: { [edge: string]: boolean }): void;
  readonly skills: RunResume['skills'];
}

/** `before`: what the run itself went on from, if it was a retry. */
export function createProgress(graph: EmployeeGraph, before: RunResume['skills'] = {}): Progress {
  const skills: RunResume['skills'] = structuredClone(before);

  function skillAt(visit: string): ResumedSkill {
    return (skills[visit] ??= { threads: {}, micro_agents: [], capabilities_used: [], calls_made: 0 });
  }

  return {
    skills,
    burst({ thread, micro_agents, remembered = [], ...burst }) {
      // A burst that came to nothing is repeated from the one before.
      if (burst.kind === 'failed' || burst.kind === 'unavailable') return;
      const skill = skillAt(visitOf(thread.skill_run));
      const place = makeThreadPlace(thread.items);
      takeAnswered(skill, skill.threads[place]?.last);
      skill.micro_agents = unique([...skill.micro_agents, ...micro_agents]);
      if (remembered.length > 0) skill.remembered = [...(skill.remembered ?? []), ...remembered];
      endItems(skill, place);
      if (burst.kind === 'done' && place === '') finish(skill, resultOf(skill, burst.output));
      else skill.threads[place] = { count: burst.kind === 'done' ? burst.count : burst.checkpoint.count, last: burst };
    },
    finished: (skillRun, result) => finish(skillAt(visitOf(skillRun)), result),
    decided(taken) {
      const [edge] = Object.keys(taken);
      const node = edge === undefined ? undefined : graph.edges[Number(edge)]?.from;
      if (node === undefined) return;
      // Visits of a node follow each other, and each that has ways with a condition decides them once.
      for (let visit = 1; ; visit += 1) {
        const skill = skills[makeVisitId({ node, visit })];
        if (skill?.ways) continue;
        if (skill?.result) skill.ways = taken;
        return;
      }
    },
  };
}

function visitOf(skillRun: string): string {
  const parts = parseSkillRunId(skillRun);
  if (!parts) throw new RangeError('not a skill run');
  return makeVisitId(parts);
}

/** The next burst of a thread exists, so that all its requests were answered, calls with success. */
function takeAnswered(skill: ResumedSkill, last: ResumedBurst | undefined): void {
  if (last?.kind !== 'waiting') return;
  const calls = last.requests.flatMap((request) => (request.kind === 'call' ? [request.capability] : []));
  skill.calls_made += calls.length;
  skill.capabilities_used = unique([...skill.capabilities_used, ...calls]);
}

/** The items under a thread that went on are over: their outputs are in its state. Only their numbering goes on. */
function endItems(skill: ResumedSkill, place: string): void {
  for (const [other, thread] of Object.entries(skill.threads)) {
    if (other.startsWith(`${place}:item:`)) skill.threads[other] = { count: thread.count };
  }
}

function finish(skill: ResumedSkill, result: SkillRunResult): void {
  const { micro_agents, capabilities_used, calls_made } = result;
  Object.assign(skill, { result, threads: {}, micro_agents, capabilities_used, calls_made });
}

function resultOf({ micro_agents, capabilities_used, calls_made, remembered }: ResumedSkill, output: Json): SkillRunResult {
  return { output, micro_agents, capabilities_used, calls_made, ...(remembered && { remembered }) };
}

function unique(texts: string[]): string[] {
  return [...new Set(texts)];
}
