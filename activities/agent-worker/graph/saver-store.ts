import { z } from 'zod';
import { ClancyError } from '../../../contracts/errors.ts';
import { jsonSchema } from '../../../contracts/json.ts';
import type { Json } from '../../../contracts/json.ts';

export interface SavedCheckpoint {
  thread: string;
  namespace: string;
  id: string;
  parent?: string;
  /** JSON text, so that nobody changes what was saved. */
  checkpoint: string;
  metadata: string;
}

export interface SavedWrite {
  taskId: string;
  taskPath: string;
  /** Position in the task's writes; below zero for LangGraph's own channels, which may be written again. */
  index: number;
  channel: string;
  value: string;
}

const INTERRUPT = '__interrupt__';
const savedSchema = z.array(
  z.strictObject({
    thread: z.string(),
    namespace: z.string(),
    id: z.string(),
    parent: z.string().optional(),
    checkpoint: jsonSchema,
    metadata: jsonSchema,
    writes: z.array(
      z.strictObject({ taskId: z.string(), taskPath: z.string(), index: z.int(), channel: z.string(), value: jsonSchema }),
    ),
  }),
);

/** Where `BurstSaver` keeps what LangGraph gives it. Maps throughout: thread ids and namespaces may be any text. */
export function createStore() {
  const checkpoints = new Map<string, SavedCheckpoint>();
  const writes = new Map<string, Map<string, SavedWrite>>();

  /** Newest first: LangGraph's checkpoint ids ascend in time. */
  function list(thread?: unknown, namespace?: unknown): SavedCheckpoint[] {
    return [...checkpoints.values()]
      .filter(
        (saved) =>
          (thread === undefined || saved.thread === thread) && (namespace === undefined || saved.namespace === namespace),
      )
      .sort((a, b) => (a.id < b.id ? 1 : -1));
  }

  function writesOf(thread: string, namespace: string, id: string): SavedWrite[] {
    return [...(writes.get(keyOf(thread, namespace, id))?.values() ?? [])];
  }

  function putWrite(thread: string, namespace: string, id: string, write: SavedWrite): void {
    const key = keyOf(thread, namespace, id);
    const known = writes.get(key) ?? new Map<string, SavedWrite>();
    const writeKey = `${write.index}|${write.taskId}`;
    if (write.index < 0 || !known.has(writeKey)) known.set(writeKey, write);
    writes.set(key, known);
  }

  return {
    list,
    putWrite,
    writes: writesOf,
    get: (thread: string, namespace: string, id: string) => checkpoints.get(keyOf(thread, namespace, id)),
    newest: (thread: string, namespace: string) => list(thread, namespace)[0],
    put: (saved: SavedCheckpoint) => void checkpoints.set(keyOf(saved.thread, saved.namespace, saved.id), saved),

    delete(thread: string): void {
      for (const { namespace, id } of list(thread)) {
        checkpoints.delete(keyOf(thread, namespace, id));
        writes.delete(keyOf(thread, namespace, id));
      }
    },

    toWire(): Json {
      const newest = list().filter((saved) => list(saved.thread, saved.namespace)[0] === saved);
      return live(newest, (saved) => writesOf(saved.thread, saved.namespace, saved.id)).map((saved) => ({
        ...saved,
        checkpoint: JSON.parse(saved.checkpoint) as Json,
        metadata: JSON.parse(saved.metadata) as Json,
        writes: writesOf(saved.thread, saved.namespace, saved.id).map((write) => ({
          ...write,
          value: JSON.parse(write.value) as Json,
        })),
      }));
    },

    load(json: unknown): void {
      const parsed = savedSchema.safeParse(json);
      if (!parsed.success)
        throw new ClancyError('checkpoint_mismatch', 'the checkpoint is not one of a burst', { cause: parsed.error });
      for (const { writes: saved, parent, checkpoint, metadata, ...place } of parsed.data) {
        checkpoints.set(keyOf(place.thread, place.namespace, place.id), {
          ...place,
          ...(parent !== undefined && { parent }),
          checkpoint: JSON.stringify(checkpoint),
          metadata: JSON.stringify(metadata),
        });
        for (const write of saved) {
          putWrite(place.thread, place.namespace, place.id, { ...write, value: JSON.stringify(write.value) });
        }
      }
    },
  };
}

/**
 * Leaves out the namespaces of subgraphs that have ended: nothing asks for them again. A namespace is
 * `{parent}|{node}:{task}`, and it is live while that task of its parent is interrupted.
 */
function live(newest: SavedCheckpoint[], writesOf: (saved: SavedCheckpoint) => SavedWrite[]): SavedCheckpoint[] {
  const interrupted = new Set(
    newest.flatMap((saved) => writesOf(saved).flatMap(({ channel, taskId }) => (channel === INTERRUPT ? [taskId] : []))),
  );
  return newest.filter(({ namespace }) =>
    namespace.split('|').every((segment) => segment === '' || interrupted.has(segment.slice(segment.lastIndexOf(':') + 1))),
  );
}

function keyOf(...parts: string[]): string {
  return JSON.stringify(parts);
}
