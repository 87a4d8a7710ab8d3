import type { Attributes } from '@opentelemetry/api';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { parseCapability } from '../../contracts/ids.ts';
import { contextOfHeaders } from './temporal-headers.ts';
import { idsIn, runOfWorkflow } from './ids.ts';
import { describeSpan, inSpan } from './spans.ts';

/** By activity; others have the name of their type. */
const NAMES: { [activityType: string]: string } = { runSkillBurst: 'burst', evaluateEdges: 'edges', checkPlan: 'plan' };

/** Opens a span for every attempt of an activity, local or not, as a child of its workflow's. */
export function traceActivities(): ActivityInterceptorsFactory {
  return ({ info }) => ({
    inbound: {
      execute(input, next) {
        const { activityType, attempt, workflowExecution, isLocal } = info;
        const about = aboutOf(input.args[0]);
        // The run as Temporal says, not as the input claims.
        const run = runOfWorkflow(workflowExecution?.workflowId ?? '');
        const { attributes, logFields } = idsIn({ ...run, call_id: about['call_id'] });
        return inSpan(
          {
            name: nameOf(activityType, about),
            parent: contextOfHeaders(input.headers),
            attributes: {
              ...attributes,
              ...capabilityOf(about),
              'clancy.activity.type': activityType,
              'clancy.activity.attempt': attempt,
              'clancy.activity.is_local': isLocal,
            },
            logFields,
          },
          async () => {
            const result = await next(input);
            describeSpan(outcomeOf(result));
            return result;
          },
        );
      },
    },
  });
}

type About = { [name: string]: unknown };

function aboutOf(input: unknown): About {
  return typeof input === 'object' && input !== null ? { ...input } : {};
}

/** `call slack.post`: as many names as there are capabilities, and no more. */
export function nameOf(activityType: string, about: About): string {
  if (activityType !== 'callCapability') return NAMES[activityType] ?? activityType;
  const { capability } = parseCapability(String(about['capability'])) ?? {};
  return capability === undefined ? 'call' : `call ${capability}`;
}

function capabilityOf({ capability }: About): Attributes {
  return typeof capability === 'string' && parseCapability(capability) ? { 'clancy.capability': capability } : {};
}

const WORD = /^[a-z_]{1,64}$/;

/** The words for how it went that activities of ours return (`kind`, `code`); never what they say of it. */
export function outcomeOf(result: unknown): Attributes {
  const { kind, code } = aboutOf(result);
  return {
    ...(isWord(kind) && { 'clancy.outcome': kind }),
    ...(isWord(code) && { 'clancy.code': code }),
  };
}

function isWord(value: unknown): value is string {
  return typeof value === 'string' && WORD.test(value);
}
