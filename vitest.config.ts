import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const everywhere = { exclude: ['**/node_modules/**', 'dist/**'] };

/** The suites that bring up the whole product take minutes: started last, they would run alone. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification): boolean => moduleId.includes('/test/');
    return [...files.filter(isLong), ...files.filter((file) => !isLong(file))];
  }
}

/**
 * `unit` needs nothing but Node and stays quick; `integration` uses real PostgreSQL, Temporal and processes, each suite its
 * own; `kill` is the long form of the crash tests; `production` is the production installation without containers, for which
 * Go builds Temporal's server; `record` writes the workflow histories that the replay test reads.
 */
export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    reporters: ['default', ['json', { outputFile: '.vitest-report.json' }]],
    projects: [
      {
        test: {
          name: 'unit',
          pool: 'threads',
          // Modules hold no state, so files may share them; loading them anew per file would double the time.
          isolate: false,
          sequence: { groupOrder: 0 },
          ...everywhere,
          include: ['**/*.test.ts'],
          exclude: [
            ...everywhere.exclude,
            ...['integration', 'validation', 'kill', 'record', 'production', 'contract'].map((kind) => `**/*.${kind}.test.ts`),
          ],
        },
      },
      // A library's own suite, which wants vitest's functions as globals.
      {
        test: {
          name: 'validation',
          ...everywhere,
          include: ['**/*.validation.test.ts'],
          globals: true,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'integration',
          sequence: { groupOrder: 2 },
          ...everywhere,
          include: ['**/*.integration.test.ts'],
          globalSetup: ['test/global-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'kill',
          sequence: { groupOrder: 3 },
          ...everywhere,
          include: ['**/*.kill.test.ts'],
          globalSetup: ['test/global-setup.ts'],
          testTimeout: 3_600_000,
          hookTimeout: 120_000,
          maxWorkers: 1,
        },
      },
      {
        test: {
          name: 'production',
          sequence: { groupOrder: 5 },
          ...everywhere,
          include: ['**/*.production.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 1_800_000,
          maxWorkers: 1,
        },
      },
      {
        test: {
          name: 'contract',
          sequence: { groupOrder: 6 },
          ...everywhere,
          include: ['**/*.contract.test.ts'],
          globalSetup: ['test/global-setup.ts'],
          testTimeout: 900_000,
          hookTimeout: 300_000,
          maxWorkers: 1,
        },
      },
      {
        test: {
          name: 'record',
          sequence: { groupOrder: 4 },
          ...everywhere,
          include: ['**/*.record.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
