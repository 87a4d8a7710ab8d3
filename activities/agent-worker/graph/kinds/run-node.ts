import type { Json } from '../../../../contracts/json.ts';
import type { MicroAgent } from '../../../../contracts/skill-graph.ts';
import { runAgent } from './agent.ts';
import { runApproval } from './approval.ts';
import { runBranch } from './branch.ts';
import { runCapability } from './capability.ts';
import { runForeach } from './foreach.ts';
import { runModel } from './model.ts';
import { runNestedGraph } from './nested-graph.ts';
import type { NodeTask } from './node-run.ts';
import { runTransform } from './transform.ts';
import { runWait } from './wait.ts';

/** The table of node kinds. */
export function runNode(node: MicroAgent, task: NodeTask): Promise<Json> {
  switch (node.kind) {
    case 'capability':
      return runCapability(node, task);
    case 'transform':
      return runTransform(node, task);
    case 'branch':
      return runBranch(node, task);
    case 'foreach':
      return runForeach(node, task);
    case 'graph':
      return runNestedGraph(node, task);
    case 'wait':
      return runWait(node, task);
    case 'approval':
      return runApproval(node, task);
    case 'model':
      return runModel(node, task);
    case 'agent':
      return runAgent(node, task);
  }
}
