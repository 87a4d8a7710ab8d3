import type { ClancyClient } from '../../cli/client/clancy-client.ts';
import type { Story } from './stories.ts';
import type { Terminal } from './terminal.ts';

/** The person whom the employee asks: sees exactly what would run, and says yes or no. */
export function createManager(options: { client: ClancyClient; runId: string; decide: Story['decide']; terminal: Terminal }) {
  const { client, runId, decide, terminal } = options;
  const seen = new Set<string>();
  return {
    /** Answers what the run asks and nobody has answered yet. */
    async answer(): Promise<void> {
      const { items } = await client.approvals.list({ run_id: runId, status: 'pending', limit: 100 });
      for (const approval of items.toReversed()) {
        if (seen.has(approval.approval_id)) continue;
        seen.add(approval.approval_id);
        const { yes, reason } = decide(approval);
        terminal.line(`   *** asked: ${approval.question}`);
        if (yes) await client.approvals.approve(approval.approval_id, reason);
        else await client.approvals.reject(approval.approval_id, reason);
        terminal.line(`   *** Katrin says ${yes ? 'yes' : 'no'}: ${reason}`);
      }
    },
  };
}
