import { NativeConnection, Runtime, Worker, DefaultLogger } from '@temporalio/worker';
import { Pool } from 'pg';
import { z } from 'zod';
import { createFloorActivities } from '../bench/floor/activities.ts';
import { FLOOR_QUEUE } from '../bench/floor/queue.ts';
import { parseConfig } from '../platform/config.ts';

const schema = z.object({
  CLANCY_MODE: z.literal('development'),
  TEMPORAL_ADDRESS: z.string(),
  TEMPORAL_NAMESPACE: z.string(),
  DATABASE_URL: z.string(),
  CONNECTHUB_URL: z.string(),
  CHANNEL: z.string(),
  SKILL_RUN: z.string(),
  RUN_TICKET: z.string(),
  AGENT_TOKEN: z.string(),
  CONNECTION_ID: z.string(),
});

/** The worker of the benchmark's floor, with the settings that ours has in development. */
async function main(): Promise<void> {
  const config = parseConfig({ process: 'bench-floor', schema, env: process.env, developmentOnly: [] });
  Runtime.install({ logger: new DefaultLogger('WARN'), shutdownSignals: ['SIGTERM', 'SIGINT'] });
  const connection = await NativeConnection.connect({ address: config.TEMPORAL_ADDRESS });
  const pool = new Pool({ connectionString: config.DATABASE_URL });
  const worker = await Worker.create({
    connection,
    namespace: config.TEMPORAL_NAMESPACE,
    taskQueue: FLOOR_QUEUE,
    workflowsPath: new URL('../bench/floor/workflow.ts', import.meta.url).pathname,
    activities: createFloorActivities({
      pool,
      connecthubUrl: config.CONNECTHUB_URL,
      channel: config.CHANNEL,
      run: {
        skillRun: config.SKILL_RUN,
        ticket: config.RUN_TICKET,
        agentToken: config.AGENT_TOKEN,
        connectionId: config.CONNECTION_ID,
      },
    }),
    stickyQueueScheduleToStartTimeout: '1 second',
    workflowTaskPollerBehavior: { type: 'autoscaling' },
    activityTaskPollerBehavior: { type: 'autoscaling' },
  });
  process.stdout.write(`${JSON.stringify({ msg: 'listening', url: FLOOR_QUEUE })}\n`);
  await worker.run();
  await pool.end();
  await connection.close();
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
