import type { TestProject } from 'vitest/node';
import { startBroker } from './postgres-broker.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Address of the broker; ask through test/database.ts. */
    postgresBroker: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const broker = await startBroker(process.env);
  project.provide('postgresBroker', broker.url);
  return broker.stop;
}
