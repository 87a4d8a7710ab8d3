import type { EmployeeEdge, EmployeeGraph, SkillNode } from '../../../contracts/employee-graph.ts';
import type { JsonObject } from '../../../contracts/json.ts';
import type { SkillGraph } from '../../../contracts/skill-graph.ts';
import type { Duty } from '../match/duty.ts';
import { fillWords, overridable } from './literals.ts';
import { hoursInput } from './period.ts';
import { routerFor } from './router.ts';

export interface ComposedGraph {
  graph: EmployeeGraph;
  skillGraphs: { [id: string]: SkillGraph };
}

/** Duties as skill nodes; edges where one feeds or follows another; a router where duties start at different times. */
export function composeGraph(duties: Duty[], graphId: string): ComposedGraph {
  const nodes = duties.map((duty) => skillNode(duty, duties));
  const edges = duties.flatMap((duty) => edgesInto(duty, duties));
  const skillGraphs = Object.fromEntries(duties.flatMap(({ template }) => template.graphs.map((graph) => [graph.id, graph])));
  const router = routerFor(duties);
  if (router) {
    nodes.unshift(router.node);
    edges.unshift(...router.edges);
    skillGraphs[router.skillGraph.id] = router.skillGraph;
  }
  return { graph: { graph_id: graphId, type: 'employee', nodes, edges }, skillGraphs };
}

function skillNode(duty: Duty, duties: Duty[]): SkillNode {
  const { template } = duty;
  return {
    id: duty.id,
    type: 'skill',
    skill_graph: template.graphs[0].id,
    title: fillWords(template.title, duty.slots).slice(0, 120),
    permissions: template.permissions,
    input: inputOf(duty, duties),
    isolation: 'child',
    max_visits: 1,
    provenance: {
      sentences: duty.sentences,
      source: duty.source ?? 'template',
      template: template.id,
      score: duty.score,
      ...(duty.runnerUp && { runner_up: duty.runnerUp }),
    },
  };
}

function inputOf(duty: Duty, duties: Duty[]): JsonObject {
  const input: JsonObject = {};
  for (const { name, kind } of duty.template.slots) {
    const value = duty.slots[name];
    if (value === undefined) continue;
    input[name] = kind === 'hours' ? hoursInput(name, duty) : overridable(name, value);
  }
  for (const feed of duty.template.feeds ?? []) {
    const feeder = duties.find(({ id, template }) => template.id === feed.from && duty.after.includes(id));
    if (feeder) input[feed.input] = `=[skills.${feeder.id}.output.${feed.output}]`;
  }
  if (duty.template.event)
    Object.assign(input, duty.template.event.input ?? { messages: '=[trigger.payload.message, trigger.payload.messages]' });
  if (duty.template.inputs) Object.assign(input, duty.template.inputs, factsFor(duty, duties));
  return input;
}

/** What the skills before have found, for one that takes it as it comes. */
function factsFor(duty: Duty, duties: Duty[]): JsonObject {
  const before = new Set<string>();
  const open = [...duty.after];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (before.has(id)) continue;
    before.add(id);
    open.push(...(duties.find((one) => one.id === id)?.after ?? []));
  }
  if (before.size === 0 || !Object.hasOwn(duty.template.graphs[0].input, 'facts')) return {};
  const ids = duties.map(({ id }) => id).filter((id) => before.has(id));
  return { facts: `=[${ids.map((id) => `skills.${id}.output`).join(', ')}]` };
}

function edgesInto(duty: Duty, duties: Duty[]): EmployeeEdge[] {
  return duty.after.map((from) => {
    const feeder = duties.find(({ id }) => id === from);
    const feed = duty.template.feeds?.find((candidate) => candidate.from === feeder?.template.id);
    const when = feed?.when?.replaceAll('{output}', `skills.${from}.output.${feed.output}`);
    return { from, to: duty.id, ...(when !== undefined && { when }), loop: false };
  });
}
