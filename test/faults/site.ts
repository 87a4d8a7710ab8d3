import type { RunAnswer } from '../../cli/client/answers/runs.ts';
import type { ReceiptAnswer } from '../../cli/client/answers/connecthub.ts';
import type { ClancyClient } from '../../cli/client/clancy-client.ts';
import { withClient } from '../../dev/postgres/databases.ts';
import type { RequestView } from '../../dev/sandbox/control/wire.ts';
import type { SlackEffect } from '../../dev/sandbox/slack/wire.ts';
import { hireWith } from '../stack/hire.ts';
import type { TestOrg, TestStack } from '../stack/test-stack.ts';
import { untilEnded, untilWaitingOn } from '../until.ts';
import { connectAccount, type Consent } from './consent.ts';
import { oneSkillEmployee, type OneSkill } from './one-skill.ts';

/** An organisation with an account of its own at one provider, whose manager hires and starts. */
export interface Site {
  readonly org: TestOrg;
  readonly team: string;
  readonly connectionId: string;
  readonly manager: ClancyClient;
  hire(skill: OneSkill): Promise<string>;
  /** Hires and starts; gives the run's id. */
  start(skill: OneSkill): Promise<string>;
  run(runId: string): Promise<RunAnswer>;
  untilEnded(runId: string): Promise<RunAnswer>;
  /** The first of what the run waits on that begins so. */
  untilWaitingOn(runId: string, prefix: string): Promise<string>;
  receipts(runId: string): Promise<ReceiptAnswer[]>;
  posts(): Promise<SlackEffect[]>;
  /** Requests that reached the provider, answered or not. */
  requests(method: string): Promise<RequestView[]>;
  /** As the database's owner; `$1` is the organisation. */
  query(statement: string, ...values: unknown[]): Promise<Record<string, unknown>[]>;
}

export async function openSite({ stack, sandbox, newOrg }: TestStack, consent: Consent = {}): Promise<Site> {
  const org = newOrg();
  const manager = org.as('admin');
  const { team, connectionId } = await connectAccount(manager, sandbox, consent);
  const run = (runId: string) => manager.runs.get(runId);
  const hire = (skill: OneSkill) => hireWith(manager, stack.databases.owner, (graphId) => oneSkillEmployee(graphId, skill));
  return {
    org,
    team,
    connectionId,
    manager,
    hire,
    start: async (skill) => (await manager.runs.start(await hire(skill))).run_id,
    run,
    untilEnded: (runId) => untilEnded(manager, runId),
    untilWaitingOn: (runId, prefix) => untilWaitingOn(manager, runId, prefix),
    receipts: async (runId) => (await manager.receipts.list({ run_id: runId })).items,
    posts: async () => (await sandbox.effects(team)).filter(({ method }) => method === 'chat.postMessage'),
    requests: async (wanted) => (await sandbox.requests(team)).filter(({ method }) => method === wanted),
    query: async (statement, ...values) =>
      withClient(stack.databases.owner, async (owner) => (await owner.query(statement, [org.orgId, ...values])).rows),
  };
}
