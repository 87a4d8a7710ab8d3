import { ask } from '../burst-context.ts';
import { resolveObject } from './resolve.ts';
import type { NodeRun } from './node-run.ts';

/** A call. The burst only asks for it; the workflow makes it. */
export const runCapability: NodeRun<'capability'> = ({ capability, parameters, on_refused }, { context, path, scope }) =>
  ask(context, path, async () => ({
    kind: 'call',
    path,
    capability,
    parameters: await resolveObject(context.expressions, parameters, scope),
    ...(on_refused && { on_refused }),
  }));
