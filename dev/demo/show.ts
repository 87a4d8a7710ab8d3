import type { CreatedEmployeeAnswer } from '../../cli/client/answers/employees.ts';
import type { ReceiptAnswer } from '../../cli/client/answers/connecthub.ts';
import type { AgentEventAnswer, RunAnswer } from '../../cli/client/answers/runs.ts';
import type { Terminal } from './terminal.ts';

export function showEmployee(terminal: Terminal, employee: CreatedEmployeeAnswer, mermaid: string): void {
  const { explanation, definition } = employee;
  terminal.line(`${employee.name} (${employee.employee_id}), version ${employee.version}, ${employee.status}`);
  terminal.line('\nWhat was understood: sentence -> skill -> capabilities');
  for (const { sentence, skill, capabilities } of explanation.understood) {
    terminal.line(`  "${sentence}"\n      -> ${skill} -> ${capabilities.join(', ')}`);
  }
  terminal.line('\nWhen it works');
  for (const trigger of explanation.triggers)
    terminal.line(`  ${[trigger.type, trigger.cron, trigger.timezone].filter(Boolean).join(' ')}`);
  terminal.line('\nWhat it may do (policy; anything else that writes waits for a person)');
  for (const rule of definition.policy) {
    terminal.line(`  ${rule.effect} ${rule.capability}${rule.when === undefined ? '' : ` when ${rule.when}`}: ${rule.reason}`);
  }
  terminal.line('\nWhat was not understood');
  for (const { sentence, reason } of explanation.not_understood) terminal.line(`  "${sentence}": ${reason}`);
  for (const missing of explanation.missing_connections) terminal.line(`  not connected yet: ${missing.provider}`);
  terminal.line(`\nIts graph (Mermaid)\n${indent(mermaid.trim())}`);
}

export function showEvent(terminal: Terminal, runId: string, event: AgentEventAnswer): void {
  const where = event.run_id === runId ? '' : event.run_id.slice(runId.length + 1);
  const { capability, path, waiting_on: waitingOn } = event.data;
  const what = [capability, path, waitingOn].filter((word) => word !== undefined && word !== null).map(describe);
  terminal.line(`   ${event.timestamp.slice(11, 23)}  ${event.kind.padEnd(22)} ${where} ${what.join(' ')}`.trimEnd());
}

export function showResult(terminal: Terminal, run: RunAnswer): void {
  terminal.line(JSON.stringify(run.result ?? { status: run.status }, null, 2));
}

export function showReceipts(terminal: Terminal, receipts: ReceiptAnswer[]): void {
  for (const receipt of receipts) {
    const attempts = receipt.attempts.length === 1 ? '1 attempt' : `${receipt.attempts.length} attempts`;
    const proof = receipt.provider_effect_id ? `, provider's id ${receipt.provider_effect_id}` : '';
    terminal.line(`${receipt.outcome.padEnd(10)} ${receipt.capability.padEnd(24)} ${attempts}${proof}`);
  }
}

function describe(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}
