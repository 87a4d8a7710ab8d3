import { z } from 'zod';
import { idInput, versionInput } from '../inputs.ts';
import { verb } from '../verb.ts';
import { newestVersion } from './newest-version.ts';
import { renderGraph } from './render-graph.ts';

export const showGraph = verb({
  name: 'graph',
  summary: 'draw the graph of an employee',
  arguments: [['<employee>', 'id of the employee']],
  options: [
    { flags: '--version <n>', description: 'another version than the active one (for a draft: the newest)' },
    { flags: '--mermaid', description: 'print Mermaid source' },
    { flags: '--svg', description: 'print a picture (SVG)' },
  ],
  examples: [
    'clancy employees graph 4f3k9wz0h1c7m2v8x5tq6n0rda',
    'clancy employees graph 4f3k9wz0h1c7m2v8x5tq6n0rda --mermaid > graph.mmd',
    'clancy employees graph 4f3k9wz0h1c7m2v8x5tq6n0rda --svg > graph.svg',
  ],
  input: z
    .strictObject({
      employee: idInput,
      version: versionInput.optional(),
      mermaid: z.boolean().default(false),
      svg: z.boolean().default(false),
    })
    .refine(({ mermaid, svg }) => !(mermaid && svg), { path: ['svg'], message: 'give --mermaid or --svg, one of the two' }),
  run: async ({ client, show }, { employee, version, mermaid, svg }) => {
    const { active_version: active } = await client.employees.get(employee);
    const number = version ?? active ?? (await newestVersion(client, employee));
    if (mermaid) show({ mermaid: await client.employees.mermaid(employee, number) }, (answer) => answer.mermaid.trimEnd());
    else if (svg) show({ svg: await client.employees.svg(employee, number) }, (answer) => answer.svg.trimEnd());
    else show(await client.employees.graph(employee, number), ({ graph }) => renderGraph(graph));
  },
});
