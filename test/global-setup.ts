import type { TestProject } from 'vitest/node';
import { startBroker } from './postgres-broker.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Address of the broker; ask through test/database.ts. */
    postgresBroker: string;
  }
}

let broker: Awaited<ReturnType<typeof startBroker>> | undefined;

export async function setup(project: TestProject): Promise<void> {
  // oxlint-disable-next-line node/no-process-env -- the entry point of a test run, as bin/ is of a process
  broker = await startBroker(process.env);
  project.provide('postgresBroker', broker.url);
}

export async function teardown(): Promise<void> {
  await broker?.stop();
}
