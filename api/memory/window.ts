import { z } from 'zod';
import { MEMORY_KINDS, MEMORY_SCOPES, memoryValueSchema, type MemoryWindow } from '../../contracts/memory.ts';

const windowSchema: z.ZodType<MemoryWindow> = z.strictObject({
  entries: z.array(
    z.strictObject({
      id: z.string(),
      version: z.int(),
      scope: z.enum(MEMORY_SCOPES),
      skill: z.string().exactOptional(),
      kind: z.enum(MEMORY_KINDS),
      key: z.string(),
      value: memoryValueSchema,
      confidence: z.number(),
      updated_at: z.string(),
    }),
  ),
});

/** What was sealed into a run's row. */
export function windowOf(text: string): MemoryWindow {
  return windowSchema.parse(JSON.parse(text));
}
