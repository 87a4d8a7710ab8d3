import type { ClancyClient } from '../../cli/client/clancy-client.ts';
import type { SandboxClient } from '../sandbox/client.ts';
import type { Stack } from '../stack/start-stack.ts';
import { connectAccounts, effectsOf } from './accounts.ts';
import { killWorkerAt } from './kill-worker.ts';
import { createManager } from './manager.ts';
import { showEmployee, showEvent, showReceipts, showResult } from './show.ts';
import type { Story } from './stories.ts';
import type { Terminal } from './terminal.ts';

export interface DemoOptions {
  readonly stack: Stack;
  /** Of the person who hires and starts. */
  readonly client: ClancyClient;
  /** Of the person who is asked. */
  readonly approver: ClancyClient;
  readonly sandbox: SandboxClient;
  readonly story: Story;
  readonly jobDescription: string;
  readonly terminal: Terminal;
  /** The stack stays up, so that there is something to look at. */
  readonly isKept: boolean;
}

/**
 * The product's promise, told with the product: hire from a job description, connect, activate, run, ask a person, lose the
 * worker in the middle of an effect, and end with that effect made once.
 *
 * @throws Error when the run does not complete or the sandbox saw an effect twice: the demo then exits non-zero.
 */
export async function runDemo(options: DemoOptions): Promise<void> {
  const { client, approver, sandbox, stack, story, terminal } = options;

  terminal.heading('The job description');
  terminal.line(options.jobDescription.trim());

  terminal.heading('Clancy makes an employee of it (POST /v1/employees)');
  const employee = await client.employees.create({ jobDescription: options.jobDescription });
  showEmployee(terminal, employee, await client.employees.mermaid(employee.employee_id, employee.version));

  terminal.heading('Its accounts are connected (OAuth, against the sandbox)');
  const missing = employee.explanation.missing_connections.map(({ provider }) => provider);
  const accounts = await connectAccounts({ client, sandbox, stack, terminal }, missing);

  terminal.heading('A manager activates the employee');
  const active = await client.employees.activate(employee.employee_id);
  terminal.line(`status ${active.status}, version ${active.active_version}`);
  for (const grant of (await client.grants.list(employee.employee_id)).items) terminal.line(`may use ${grant.capability}`);
  for (const { times, timezone, next_time: next } of (await client.schedules.list({ employee_id: employee.employee_id })).items)
    terminal.line(`works by itself: ${times.cron ?? ''} ${timezone}, next ${next ?? 'never'}`);

  terminal.heading('A run, as it happens (the worker is killed in the middle)');
  const run = await client.runs.start(employee.employee_id);
  terminal.line(`run ${run.run_id}`);
  const { provider, method, title } = story.killAt;
  const kill = killWorkerAt({ stack, sandbox, team: accounts[provider] ?? '', terminal, method, title });
  const manager = createManager({ client: approver, runId: run.run_id, decide: story.decide, terminal });
  for await (const { event } of client.runs.events(run.run_id)) {
    showEvent(terminal, run.run_id, event);
    if (event.kind === 'approval.requested') await manager.answer();
  }
  await kill;

  terminal.heading('What came of it');
  const finished = await client.runs.end(run.run_id);
  showResult(terminal, finished);
  if (finished.status !== 'completed') throw new Error(`the run ended ${finished.status}`);

  terminal.heading('Receipts');
  const receipts = await client.receipts.list({ run_id: run.run_id, limit: 100 });
  showReceipts(terminal, receipts.items);

  terminal.heading("What the providers saw (the sandbox's own log)");
  for (const { what, count } of await effectsOf(sandbox, accounts)) terminal.line(`${String(count).padStart(2)} x ${what}`);
  terminal.line('Each effect was made once, although the worker died while the first answer was on its way.');

  if (!options.isKept) return terminal.line('\nTo look around, with links: npm run demo -- --keep');
  terminal.heading('Where to look');
  terminal.line(`run in the Temporal Web UI  ${finished.links?.temporal_ui ?? stack.temporal.uiUrl ?? 'your Temporal server'}`);
  terminal.line(`Agent-Core's API            ${stack.urls.api}/docs`);
  terminal.line(`ConnectHub's API            ${stack.urls.connecthub}/docs`);
}
