import type { ApprovalAnswer } from '../../cli/client/answers/approvals.ts';
import type { RunAnswer } from '../../cli/client/answers/runs.ts';
import type { ClancyClient } from '../../cli/client/clancy-client.ts';
import type { JsonObject } from '../../contracts/json.ts';
import { waitUntil } from '../../dev/processes/wait-until.ts';
import type { GmailEffect } from '../../dev/sandbox/gmail/wire.ts';
import type { QuickBooksEffect } from '../../dev/sandbox/quickbooks/client.ts';
import type { SlackEffect } from '../../dev/sandbox/slack/wire.ts';
import type { TestOrg, TestStack } from '../stack/test-stack.ts';

/** A small firm with its books, its mailbox and its workspace, and a manager who hires by description. */
export interface Office {
  readonly accounts: { readonly gmail: string; readonly quickbooks: string; readonly slack: string };
  /** Builds an employee of the words, as the API does, and activates it. */
  hire(jobDescription: string): Promise<Hired>;
}

export interface Hired {
  /** The templates that its words became. */
  readonly skills: readonly string[];
  /** Starts a run, says yes to all that it asks, and gives what it did. */
  work(payload?: JsonObject): Promise<Done>;
}

/** What a run did, as the providers saw it. */
export interface Done {
  readonly run: RunAnswer;
  /** What somebody was asked, in the order of the questions. */
  readonly asked: readonly ApprovalAnswer[];
  readonly books: readonly QuickBooksEffect[];
  readonly mails: readonly GmailEffect[];
  readonly posts: readonly SlackEffect[];
}

export async function openOffice({ sandbox }: TestStack, org: TestOrg): Promise<Office> {
  const [manager, approver] = [org.as('admin'), org.as('approver')];
  const accounts = {
    gmail: await org.connect('gmail'),
    quickbooks: await org.connect('quickbooks'),
    slack: await org.connect('slack'),
  };
  const seen = async () => ({
    books: await sandbox.quickbooks.effects(accounts.quickbooks),
    mails: await sandbox.gmail.effects(accounts.gmail),
    posts: (await sandbox.effects(accounts.slack)).filter(({ method }) => method === 'chat.postMessage'),
  });

  async function work(employee: string, payload: JsonObject): Promise<Done> {
    const before = await seen();
    const { run_id: id } = await manager.runs.start(employee, payload);
    const { run, asked } = await approveAll(manager, approver, id);
    const after = await seen();
    return {
      run,
      asked,
      books: after.books.slice(before.books.length),
      mails: after.mails.slice(before.mails.length),
      posts: after.posts.slice(before.posts.length),
    };
  }

  return {
    accounts,
    hire: async (jobDescription) => {
      const draft = await manager.employees.create({ jobDescription });
      await manager.employees.activate(draft.employee_id);
      const skills = draft.explanation.understood.map(({ skill }) => skill);
      return { skills, work: (payload = {}) => work(draft.employee_id, payload) };
    },
  };
}

async function approveAll(manager: ClancyClient, approver: ClancyClient, id: string) {
  const asked: ApprovalAnswer[] = [];
  const run = await waitUntil(
    async () => {
      const { items } = await approver.approvals.list({ run_id: id, status: 'pending' });
      for (const approval of items) await approver.approvals.approve(approval.approval_id);
      asked.push(...items);
      const now = await manager.runs.get(id);
      return now.finished_at ? now : undefined;
    },
    { timeoutMs: 50_000, everyMs: 200, what: `${id} to end` },
  );
  return { run, asked };
}
