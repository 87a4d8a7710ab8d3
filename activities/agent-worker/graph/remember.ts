import { ClancyError } from '../../../contracts/errors.ts';
import type { Json, JsonObject } from '../../../contracts/json.ts';
import { DEFAULT_CONFIDENCE, MAX_MEMORIES_OF_GRAPH, MAX_MEMORY_VALUE_BYTES, memoryKeySchema } from '../../../contracts/memory.ts';
import type { MemoryAsk, MemoryRefusal } from '../../../contracts/memory.ts';
import type { Remember, SkillGraph } from '../../../contracts/skill-graph.ts';
import type { ExpressionJob, ExpressionOutcome } from '../../../platform/expressions/expressions.ts';
import type { BurstContext } from './burst-context.ts';

/** A declaration with the item that it is evaluated for, if it names a list. */
interface Occasion {
  declared: Remember;
  locals: JsonObject;
}

/**
 * What a graph that has ended asks to be remembered. Never throws for what it declares: its effects have happened, and what
 * cannot be remembered is told instead.
 */
export async function rememberedBy(graph: SkillGraph, scope: JsonObject, context: BurstContext): Promise<MemoryAsk[]> {
  const path = context.way.join('/');
  const { occasions, refused } = await occasionsOf(graph.remember ?? [], scope, context);
  const asks = [...(await asksOf(occasions, scope, context)), ...refused];
  const bounded = asks.slice(0, MAX_MEMORIES_OF_GRAPH);
  if (asks.length > bounded.length) {
    bounded.push(refusal('', 'too_many', `${asks.length} entries, and ${MAX_MEMORIES_OF_GRAPH} is the limit`));
  }
  return bounded.map((ask) => ({ ...ask, path }));
}

type Ask = MemoryAsk extends infer One ? (One extends unknown ? Omit<One, 'path'> : never) : never;

async function occasionsOf(
  declared: Remember[],
  scope: JsonObject,
  context: BurstContext,
): Promise<{ occasions: Occasion[]; refused: Ask[] }> {
  const lists = declared.filter(({ for_each }) => for_each !== undefined);
  const jobs = lists.map(({ for_each }): ExpressionJob => ({ kind: 'expression', source: for_each ?? '' }));
  const outcomes = await evaluated(jobs, scope, context);
  const refused: Ask[] = [];
  const occasions = declared.flatMap((one): Occasion[] => {
    const outcome = one.for_each === undefined ? undefined : outcomes[lists.indexOf(one)];
    if (outcome === undefined) return [{ declared: one, locals: {} }];
    if (!outcome.ok) refused.push(refusal(one.key, 'expression_failed', outcome.message));
    // JSONata gives a list of one as the one, and an empty list as nothing.
    const value = outcome.ok ? (outcome.value ?? null) : null;
    const items = value === null ? [] : Array.isArray(value) ? value : [value];
    return items
      .slice(0, MAX_MEMORIES_OF_GRAPH + 1)
      .map((item: Json, index): Occasion => ({ declared: one, locals: { item, index } }));
  });
  return { occasions, refused };
}

async function asksOf(occasions: Occasion[], scope: JsonObject, context: BurstContext): Promise<Ask[]> {
  const jobs = occasions.flatMap(({ declared, locals }): ExpressionJob[] => [
    { kind: 'expression', source: declared.when ?? 'true', locals },
    { kind: 'template', template: declared.key, locals },
    { kind: 'template', template: declared.value, locals },
  ]);
  const outcomes = await evaluated(jobs, scope, context);
  return occasions.flatMap((occasion, index) => askOf(occasion, outcomes.slice(3 * index, 3 * index + 3)));
}

function askOf({ declared }: Occasion, [when, key, value]: ExpressionOutcome[]): Ask[] {
  if (when?.ok === true && when.value !== true) return [];
  const failed = [when, key, value].find((outcome) => outcome?.ok !== true);
  if (failed && !failed.ok) return [refusal(declared.key, 'expression_failed', failed.message)];
  const text = key?.ok ? (key.value ?? null) : null;
  const what = value?.ok ? (value.value ?? null) : null;
  if (text === null || text === '' || what === null) return [];
  const named = memoryKeySchema.safeParse(typeof text === 'number' ? String(text) : text);
  if (!named.success) return [refusal(declared.key, 'invalid_key', named.error.issues[0]?.message ?? 'no key')];
  const bytes = Buffer.byteLength(JSON.stringify(what));
  if (bytes > MAX_MEMORY_VALUE_BYTES) {
    return [refusal(named.data, 'too_large', `${bytes} bytes, and ${MAX_MEMORY_VALUE_BYTES} is the limit`)];
  }
  const { scope, kind, confidence = DEFAULT_CONFIDENCE, expires_in_days } = declared;
  return [{ scope, kind, key: named.data, value: what, confidence, ...(expires_in_days !== undefined && { expires_in_days }) }];
}

/** One that takes too long takes the others of its hop with it. */
async function evaluated(jobs: ExpressionJob[], scope: JsonObject, context: BurstContext): Promise<ExpressionOutcome[]> {
  try {
    return await context.expressions.batch(jobs, scope);
  } catch (error) {
    if (!(error instanceof ClancyError)) throw error;
    return jobs.map(() => ({ ok: false, code: 'expression_limit', message: error.message }));
  }
}

function refusal(key: string, refused: MemoryRefusal, message: string): Ask {
  return { key: key.slice(0, 200), refused, message: message.slice(0, 300) };
}
