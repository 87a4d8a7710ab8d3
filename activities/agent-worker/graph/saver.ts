import type { RunnableConfig } from '@langchain/core/runnables';
import {
  BaseCheckpointSaver,
  TASKS,
  WRITES_IDX_MAP,
  compareWritesSortKeys,
  copyCheckpoint,
  getCheckpointId,
  maxChannelVersion,
  writesSortKey,
} from '@langchain/langgraph-checkpoint';
import type {
  Checkpoint,
  CheckpointListOptions,
  CheckpointMetadata,
  CheckpointTuple,
  PendingWrite,
} from '@langchain/langgraph-checkpoint';
import type { Json } from '../../../contracts/json.ts';
import { createStore } from './saver-store.ts';
import type { SavedCheckpoint, SavedWrite } from './saver-store.ts';

/** Texts that are JSON of plain data. LangGraph's own serialiser would revive objects from data that came from outside. */
const plainJson = {
  dumpsTyped: (value: unknown): Promise<[string, Uint8Array]> => Promise.resolve(['json', new TextEncoder().encode(text(value))]),
  loadsTyped: (_type: string, data: Uint8Array | string): Promise<unknown> =>
    Promise.resolve(JSON.parse(typeof data === 'string' ? data : new TextDecoder().decode(data))),
};

/**
 * Checkpoints in memory for the length of one burst. Between bursts they stand in Temporal's history: `toWire` gives what
 * the next burst needs, `fromWire` reads it back. Channels must hold plain JSON.
 */
export class BurstSaver extends BaseCheckpointSaver {
  readonly #store = createStore();

  constructor() {
    super(plainJson);
  }

  override async getTuple(config: RunnableConfig): Promise<CheckpointTuple | undefined> {
    const { thread, namespace } = placeOf(config);
    if (thread === undefined) return undefined;
    const id = getCheckpointId(config);
    const saved = id ? this.#store.get(thread, namespace, id) : this.#store.newest(thread, namespace);
    return saved && this.#tuple(saved);
  }

  override async *list(config: RunnableConfig, options: CheckpointListOptions = {}): AsyncGenerator<CheckpointTuple> {
    const { before, filter, limit = Number.POSITIVE_INFINITY } = options;
    const id: unknown = config.configurable?.['checkpoint_id'];
    const beforeId: unknown = before?.configurable?.['checkpoint_id'];
    let left = limit;
    for (const saved of this.#store.list(config.configurable?.['thread_id'], config.configurable?.['checkpoint_ns'])) {
      if (typeof id === 'string' && saved.id !== id) continue;
      if (typeof beforeId === 'string' && saved.id >= beforeId) continue;
      const tuple = this.#tuple(saved);
      if (filter && !Object.entries(filter).every(([key, value]) => Reflect.get(tuple.metadata ?? {}, key) === value)) continue;
      if (left <= 0) return;
      left -= 1;
      yield tuple;
    }
  }

  override async put(config: RunnableConfig, checkpoint: Checkpoint, metadata: CheckpointMetadata): Promise<RunnableConfig> {
    const { thread, namespace } = placeOf(config);
    if (thread === undefined) throw new Error('a checkpoint needs a thread_id');
    const parent = getCheckpointId(config);
    this.#store.put({
      thread,
      namespace,
      id: checkpoint.id,
      ...(parent && { parent }),
      checkpoint: text(copyCheckpoint(checkpoint)),
      metadata: text(metadata),
    });
    return configOf(thread, namespace, checkpoint.id);
  }

  override async putWrites(config: RunnableConfig, writes: PendingWrite[], taskId: string, taskPath = ''): Promise<void> {
    const { thread, namespace } = placeOf(config);
    const id = getCheckpointId(config);
    if (thread === undefined || !id) throw new Error('writes need a thread_id and a checkpoint_id');
    for (const [position, [channel, value]] of writes.entries()) {
      const index = WRITES_IDX_MAP[channel] ?? position;
      this.#store.putWrite(thread, namespace, id, { taskId, taskPath, index, channel, value: text(value) });
    }
  }

  override async deleteThread(threadId: string): Promise<void> {
    this.#store.delete(threadId);
  }

  /** What a later burst needs: the newest checkpoint of the thread and of each subgraph that waits in it. */
  toWire(): Json {
    return this.#store.toWire();
  }

  /** @throws ClancyError `checkpoint_mismatch` for what `toWire` would not give. */
  static fromWire(wire: unknown): BurstSaver {
    const saver = new BurstSaver();
    saver.#store.load(wire);
    return saver;
  }

  #tuple(saved: SavedCheckpoint): CheckpointTuple {
    const { thread, namespace, id, parent } = saved;
    return {
      config: configOf(thread, namespace, id),
      checkpoint: this.#migrated(saved, JSON.parse(saved.checkpoint) as Checkpoint),
      metadata: JSON.parse(saved.metadata) as CheckpointMetadata,
      pendingWrites: this.#writes(thread, namespace, id).map(({ taskId, channel, value }) => [
        taskId,
        channel,
        JSON.parse(value),
      ]),
      ...(parent !== undefined && { parentConfig: configOf(thread, namespace, parent) }),
    };
  }

  #writes(thread: string, namespace: string, id: string): SavedWrite[] {
    return inOrder(this.#store.writes(thread, namespace, id));
  }

  /** Formats before 4 kept the sends of a step with its parent; every saver has to move them. */
  #migrated({ thread, namespace, parent }: SavedCheckpoint, checkpoint: Checkpoint): Checkpoint {
    if (checkpoint.v >= 4 || parent === undefined) return checkpoint;
    const sends = this.#writes(thread, namespace, parent).filter(({ channel }) => channel === TASKS);
    const versions = Object.values(checkpoint.channel_versions);
    checkpoint.channel_values[TASKS] = sends.map(({ value }) => JSON.parse(value));
    checkpoint.channel_versions[TASKS] = versions.length > 0 ? maxChannelVersion(...versions) : this.getNextVersion(undefined);
    return checkpoint;
  }
}

function inOrder(writes: SavedWrite[]): SavedWrite[] {
  return writes
    .map((write) => ({ write, key: writesSortKey(write.taskPath, write.taskId, write.index) }))
    .sort((a, b) => compareWritesSortKeys(a.key, b.key))
    .map(({ write }) => write);
}

function placeOf(config: RunnableConfig): { thread: string | undefined; namespace: string } {
  const { thread_id: thread, checkpoint_ns: namespace } = config.configurable ?? {};
  return { thread: thread === undefined ? undefined : String(thread), namespace: String(namespace ?? '') };
}

function configOf(thread: string, namespace: string, id: string): RunnableConfig {
  return { configurable: { thread_id: thread, checkpoint_ns: namespace, checkpoint_id: id } };
}

function text(value: unknown): string {
  return JSON.stringify(value) ?? 'null';
}
