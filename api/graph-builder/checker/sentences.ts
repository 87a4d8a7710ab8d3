import type { EmployeeDefinition } from '../../../contracts/employee-graph.ts';
import { capabilitiesOf, reachableGraphs } from '../graph-capabilities.ts';
import type { CheckProblem } from './problem.ts';

/** Problems with the sentence of the job description that led to the place, wherever one did. */
export function withSentences(problems: CheckProblem[], definition: EmployeeDefinition): CheckProblem[] {
  return problems.map((problem) => {
    if (problem.sentence !== undefined) return problem;
    const sentence = skillAt(problem, definition)?.provenance?.sentences.at(-1);
    return sentence === undefined ? problem : { ...problem, sentence };
  });
}

/** The skill that a path lies in: of an edge where it leads to, of a skill graph the first that runs it. */
function skillAt({ path, message }: CheckProblem, { graph, skill_graphs: graphs }: EmployeeDefinition) {
  const [part = '', name = ''] = path.split('/');
  switch (part) {
    case 'nodes':
      return graph.nodes.find(({ id }) => id === name);
    case 'edges': {
      const edge = graph.edges[Number(name)];
      return graph.nodes.find(({ id }) => id === edge?.to) ?? graph.nodes.find(({ id }) => id === edge?.from);
    }
    case 'skill_graphs':
      return graph.nodes.find(({ skill_graph: id }) => reachableGraphs(id, graphs).some((one) => one.id === name));
    case 'policy':
    case 'capabilities':
      return graph.nodes.find(({ skill_graph: id }) =>
        capabilitiesOf(id, graphs).some((capability) => message.includes(capability)),
      );
    default:
      return undefined;
  }
}
