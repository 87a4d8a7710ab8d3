import type { SandboxClient } from '../sandbox/client.ts';
import type { Stack } from '../stack/start-stack.ts';
import type { Terminal } from './terminal.ts';

/**
 * Kills the worker with SIGKILL while the provider has made the effect of `method` and its answer is still on the way: the
 * moment at which a system without receipts makes the effect twice. Then lets the answer go and starts another worker.
 */
export async function killWorkerAt(options: {
  stack: Stack;
  sandbox: SandboxClient;
  team: string;
  terminal: Terminal;
  method: string;
  title: string;
}): Promise<void> {
  const { stack, sandbox, team, terminal, method, title } = options;
  const barrier = await sandbox.barrier({ team, method, after_effect: true });
  await barrier.waitUntilHeld(60_000);
  stack.processes.worker.kill('SIGKILL');
  await stack.processes.worker.waitForExit();
  terminal.line(`   *** the worker was killed (SIGKILL): ${title}, its answer is still on the way`);
  await barrier.release('answer');
  await stack.processes.worker.restart();
  terminal.line('   *** another worker has started');
}
