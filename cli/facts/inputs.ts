import { z } from 'zod';
import type { VerbOption } from '../verb.ts';

/** Filters of the FactStream. */
export const factOptions: readonly VerbOption[] = [
  { flags: '--kind <kinds>', description: 'RunCompleted, or several separated by commas' },
  { flags: '--employee <id>', description: 'about this employee' },
  { flags: '--run <id>', description: 'about this run' },
  { flags: '--after <seq>', description: 'behind the fact with this number' },
];
export const factInput = {
  kind: z.string().optional(),
  employee: z.string().optional(),
  run: z.string().optional(),
  after: z.coerce.number('a number').int('a whole number').min(0, '0 or higher').optional(),
};
