import { followConsent } from '../../cli/client/follow-consent.ts';
import type { ClancyClient } from '../../cli/client/clancy-client.ts';
import type { SandboxClient } from '../sandbox/client.ts';
import type { Stack } from '../stack/start-stack.ts';
import { assertOnce, type EffectCount } from './effects.ts';
import { killWorkerAt } from './kill-worker.ts';
import { showEmployee, showEvent, showReceipts, showResult } from './show.ts';
import type { Terminal } from './terminal.ts';

export interface DemoOptions {
  readonly stack: Stack;
  readonly client: ClancyClient;
  readonly sandbox: SandboxClient;
  readonly jobDescription: string;
  readonly terminal: Terminal;
}

/**
 * The product's promise, told with the product: hire from a job description, connect, activate, run, lose the worker in the
 * middle of an effect, and end with that effect made once.
 *
 * @throws Error when the run does not complete or the sandbox saw an effect twice: the demo then exits non-zero.
 */
export async function runDemo(options: DemoOptions): Promise<void> {
  const { client, sandbox, stack, terminal } = options;

  terminal.heading('The job description');
  terminal.line(options.jobDescription.trim());

  terminal.heading('Clancy makes an employee of it (POST /v1/employees)');
  const employee = await client.employees.create({ jobDescription: options.jobDescription });
  showEmployee(terminal, employee, await client.employees.mermaid(employee.employee_id, employee.version));

  terminal.heading('Slack is connected (OAuth, against the sandbox)');
  const team = await connectSlack(options);

  terminal.heading('A manager activates the employee');
  const active = await client.employees.activate(employee.employee_id);
  terminal.line(`status ${active.status}, version ${active.active_version}`);
  for (const grant of (await client.grants.list(employee.employee_id)).items) terminal.line(`may use ${grant.capability}`);

  terminal.heading('A run, as it happens (the worker is killed in the middle)');
  const run = await client.runs.start(employee.employee_id);
  terminal.line(`run ${run.run_id}`);
  const kill = killWorkerAt({ stack, sandbox, team, terminal, method: 'chat.postMessage' });
  for await (const { event } of client.runs.events(run.run_id)) showEvent(terminal, run.run_id, event);
  await kill;

  terminal.heading('What came of it');
  const finished = await client.runs.end(run.run_id);
  showResult(terminal, finished);
  if (finished.status !== 'completed') throw new Error(`the run ended ${finished.status}`);

  terminal.heading('Receipts');
  const receipts = await client.receipts.list({ run_id: run.run_id, limit: 100 });
  showReceipts(terminal, receipts.items);

  terminal.heading("What the provider saw (the sandbox's own log)");
  showEffects(terminal, assertOnce(await sandbox.effects(team)));

  terminal.heading('Where to look');
  terminal.line(`run in the Temporal Web UI  ${finished.links?.temporal_ui ?? stack.temporal.uiUrl ?? 'your Temporal server'}`);
  terminal.line(`Agent-Core's API            ${stack.urls.api}/docs`);
  terminal.line(`ConnectHub's API            ${stack.urls.connecthub}/docs`);
}

/** Gives the workspace that the sandbox made for this walk. */
async function connectSlack({ client, sandbox, stack, terminal }: DemoOptions): Promise<string> {
  const launch = await client.connections.launch('slack');
  await followConsent({ url: launch.url, allowedOrigins: [stack.urls.connecthub, stack.urls.sandbox] });
  const connection = (await client.connections.list()).items[0];
  const team = (await sandbox.tokens())[0]?.team;
  if (!connection || team === undefined) throw new Error('the OAuth walk left no connection');
  terminal.line(`${connection.account_name}: ${connection.status}, ${connection.scopes.length} scopes`);
  return team;
}

function showEffects(terminal: Terminal, counts: EffectCount[]): void {
  for (const { what, count } of counts) terminal.line(`${String(count).padStart(2)} x ${what}`);
  terminal.line('Each effect was made once, although the worker died while the first answer was on its way.');
}
