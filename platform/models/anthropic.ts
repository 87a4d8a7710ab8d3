import { z } from 'zod';
import type { JsonObject } from '../../contracts/json.ts';
import { ANSWER_TOOL, systemText, type Asked, type Dialect, type Said } from './dialect.ts';
import type { ModelTurn } from './structured-model.ts';

/** https://platform.claude.com/docs/en/api/versioning */
const VERSION = '2023-06-01';
/** The endpoint wants a bound; every current model takes this one. */
const MAX_TOKENS = 8_192;

const block = z.object({
  type: z.string(),
  id: z.string().optional(),
  name: z.string().optional(),
  text: z.string().optional(),
  input: z.unknown().optional(),
});
const tokens = z.object({ input_tokens: z.number().optional(), output_tokens: z.number().optional() }).nullish();
const whole = z.object({ content: z.array(block), stop_reason: z.string().nullish(), usage: tokens });
const streamed = z.object({
  type: z.string(),
  index: z.int().min(0).max(255).optional(),
  message: z.object({ usage: tokens }).optional(),
  content_block: block.optional(),
  delta: z
    .object({
      text: z.string().optional(),
      partial_json: z.string().optional(),
      stop_reason: z.string().nullish(),
    })
    .optional(),
  usage: tokens,
});

/** The Messages API. An answer of a shape is asked for as the use of one tool, which the model must use. */
export const anthropic: Dialect = {
  path: '/v1/messages',
  headers: (apiKey) => ({ 'anthropic-version': VERSION, ...(apiKey !== '' && { 'x-api-key': apiKey }) }),
  body: ({ model, instructions, data, turns, want }) => ({
    model,
    stream: true,
    max_tokens: MAX_TOKENS,
    system: systemText(instructions),
    messages: [{ role: 'user', content: JSON.stringify(data) }, ...turns.map(messageOf)],
    ...wanted(want),
  }),
  readEvents(events) {
    const folded: Said & { blocks: number[] } = { text: '', uses: [], isWhole: true, blocks: [] };
    for (const event of events) take(folded, streamed.parse(event));
    return finished(folded);
  },
  readWhole(body) {
    const { content, stop_reason: stop, usage } = whole.parse(body);
    const folded: Said = { text: '', uses: [], isWhole: isWhole(stop) };
    for (const { type, id = '', name = '', input, text = '' } of content) {
      if (type === 'text') folded.text += text;
      if (type === 'tool_use') folded.uses.push({ id, name, input: JSON.stringify(input ?? {}) });
    }
    if (usage) folded.tokens = { input: usage.input_tokens ?? 0, output: usage.output_tokens ?? 0 };
    return finished(folded);
  },
};

function wanted(want: Asked['want']): JsonObject {
  const offered = 'schema' in want ? [{ name: ANSWER_TOOL, description: 'Gives the answer.', schema: want.schema }] : want.tools;
  const tools = offered.map(({ name, description, schema }) => ({ name, description, input_schema: schema }));
  return { tools, tool_choice: 'schema' in want ? { type: 'tool', name: ANSWER_TOOL } : { type: 'any' } };
}

function messageOf(turn: ModelTurn): JsonObject {
  if ('results' in turn) {
    return {
      role: 'user',
      content: turn.results.map((result) => ({ type: 'tool_result', tool_use_id: result.id, content: result.text })),
    };
  }
  return { role: 'assistant', content: turn.uses.map(({ id, name, input }) => ({ type: 'tool_use', id, name, input })) };
}

/** Blocks come one after the other, but their parts name them by their place among all of them. */
function take(folded: Said & { blocks: number[] }, event: z.infer<typeof streamed>): void {
  if (event.type === 'error') folded.isWhole = false;
  const counted = event.message?.usage ?? event.usage;
  if (counted) {
    const before = folded.tokens ?? { input: 0, output: 0 };
    folded.tokens = { input: counted.input_tokens ?? before.input, output: counted.output_tokens ?? before.output };
  }
  if (event.content_block?.type === 'tool_use') {
    folded.blocks.push(event.index ?? 0);
    folded.uses.push({ id: event.content_block.id ?? '', name: event.content_block.name ?? '', input: '' });
  }
  const use = folded.uses[folded.blocks.indexOf(event.index ?? 0)];
  folded.text += event.delta?.text ?? '';
  if (use) use.input += event.delta?.partial_json ?? '';
  if (!isWhole(event.delta?.stop_reason)) folded.isWhole = false;
}

function isWhole(stop: string | null | undefined): boolean {
  return stop !== 'max_tokens' && stop !== 'refusal';
}

/** What was said with the one tool of an answer is its text. */
function finished({ text, uses, isWhole, tokens: counted }: Said): Said {
  const answer = uses.find(({ name }) => name === ANSWER_TOOL);
  return { text: answer?.input ?? text, uses, isWhole, ...(counted && { tokens: counted }) };
}
