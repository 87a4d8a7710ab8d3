import type { RunAnswer } from '../../cli/client/answers/runs.ts';
import type { JsonObject } from '../../contracts/json.ts';
import type { IncomingMail } from '../../dev/sandbox/gmail/wire.ts';
import type { TestStack } from '../stack/test-stack.ts';
import { untilAsked, untilEnded } from '../until.ts';

/** An organisation with one employee, who is connected to fresh accounts of all that the job description needs. */
export interface Office {
  /** The skills that the sentences became. */
  readonly skills: string[];
  /** A mail arrives. */
  mail(mail: IncomingMail): Promise<{ id: string; thread_id: string } & IncomingMail>;
  /** What a run sees of a mail that started it. */
  mailEvent(mail: { id: string; thread_id: string } & IncomingMail): JsonObject;
  /** Somebody writes in Slack; gives what a run sees of it. */
  write(channel: string, user: string, text: string): Promise<JsonObject>;
  /** One run, to its end; so many questions are answered with yes. */
  run(payload: JsonObject, approvals: number): Promise<RunAnswer>;
  /** All that was changed at any provider, in order. */
  effects(): Promise<object[]>;
}

/** Hires by a job description, connects and activates. */
export async function openOffice({ sandbox, newOrg }: TestStack, jobDescription: string): Promise<Office> {
  const org = newOrg();
  const manager = org.as('admin');
  const draft = await manager.employees.create({ jobDescription });
  const { slack, gmail, calendar, github, stripe } = await org.connectAll(draft.definition.capabilities);
  await manager.employees.activate(draft.employee_id);
  const team = (account: string | undefined): string => {
    if (account === undefined) throw new Error('the job description does not need this provider');
    return account;
  };
  return {
    skills: [...new Set(draft.explanation.understood.map(({ skill }) => skill))],
    mail: async (mail) => ({ ...mail, ...(await sandbox.gmail.receive(team(gmail), mail)) }),
    mailEvent: ({ id, thread_id, from, subject, text }) => {
      const [, name = '', address = from] = /^(.*) <(.*)>$/.exec(from) ?? [];
      const mail = { message_id: id, thread_id, from: address, from_name: name, to: [team(gmail)], subject, snippet: text };
      return { event: { type: 'gmail.message', payload: mail } };
    },
    write: async (channel, user, text) => {
      const { ts } = await sandbox.seedMessage(team(slack), { channel, user, text });
      return { message: { channel, ts, user, text } };
    },
    run: async (payload, approvals) => {
      const { run_id: run } = await manager.runs.start(draft.employee_id, payload);
      if (approvals > 0) {
        const asked = await untilAsked(manager, run, approvals);
        for (const { approval_id: id } of asked) await manager.approvals.approve(id);
      }
      return untilEnded(manager, run);
    },
    effects: async () => {
      const seen = [
        ...(slack === undefined ? [] : await sandbox.effects(slack)),
        ...(gmail === undefined ? [] : await sandbox.gmail.effects(gmail)),
        ...(calendar === undefined ? [] : await sandbox.calendar.effects(calendar)),
        ...(github === undefined ? [] : await sandbox.github.effects(github)),
        ...(stripe === undefined ? [] : await sandbox.stripe.effects(stripe)),
      ];
      return seen.toSorted((one, other) => one.sequence - other.sequence);
    },
  };
}
