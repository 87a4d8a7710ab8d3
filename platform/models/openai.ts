import { z } from 'zod';
import type { Json, JsonObject } from '../../contracts/json.ts';
import { systemText, type Asked, type Dialect, type Said } from './dialect.ts';
import type { ModelTurn } from './structured-model.ts';

const usage = z.object({ prompt_tokens: z.number(), completion_tokens: z.number() });
const text = z.string().nullish();
const call = z.object({
  index: z.int().min(0).max(63).optional(),
  id: text,
  function: z.object({ name: text, arguments: text }).optional(),
});
const said = z.object({ content: text, refusal: text, tool_calls: z.array(call).nullish() });
const chunk = z.object({
  choices: z.array(z.object({ delta: said.optional(), message: said.optional(), finish_reason: text })).default([]),
  usage: usage.nullish().catch(null),
});

/** Chat completions, as OpenAI has them and vLLM, Ollama, LM Studio, Groq and others understand them. */
export const openAi: Dialect = {
  path: '/chat/completions',
  headers: (apiKey): { [name: string]: string } => (apiKey === '' ? {} : { authorization: `Bearer ${apiKey}` }),
  body: ({ model, instructions, data, turns, want }) => ({
    model,
    stream: true,
    stream_options: { include_usage: true },
    messages: [
      { role: 'system', content: systemText(instructions) },
      { role: 'user', content: JSON.stringify(data) },
      ...turns.flatMap(messagesOf),
    ],
    ...wanted(want),
  }),
  readEvents: fold,
  readWhole: (body) => fold([body]),
};

function wanted(want: Asked['want']): JsonObject {
  if ('schema' in want) {
    return { response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: want.schema } } };
  }
  const tools = want.tools.map(({ name, description, schema }) => ({
    type: 'function',
    function: { name, description, parameters: schema },
  }));
  return { tools, tool_choice: 'required' };
}

function messagesOf(turn: ModelTurn): JsonObject[] {
  if ('results' in turn) return turn.results.map((result) => ({ role: 'tool', tool_call_id: result.id, content: result.text }));
  const calls = turn.uses.map(({ id, name, input }) => ({
    id,
    type: 'function',
    function: { name, arguments: JSON.stringify(input) },
  }));
  return [{ role: 'assistant', content: null, tool_calls: calls }];
}

/** A whole answer is a stream of one: its `message` stands where others have a `delta`. */
function fold(events: Json[]): Said {
  const folded: Said = { text: '', uses: [], isWhole: true };
  for (const event of events) {
    const { choices, usage: counted } = chunk.parse(event);
    if (counted) folded.tokens = { input: counted.prompt_tokens, output: counted.completion_tokens };
    const [choice] = choices;
    if (choice) take(folded, choice.delta ?? choice.message, choice.finish_reason);
  }
  folded.uses = folded.uses.filter(({ name }) => name !== '');
  return folded;
}

function take(folded: Said, part: z.infer<typeof said> | undefined, finish: string | null | undefined): void {
  if (part?.refusal || finish === 'length' || finish === 'content_filter') folded.isWhole = false;
  folded.text += part?.content ?? '';
  for (const [at, { index = at, id, function: called }] of (part?.tool_calls ?? []).entries()) {
    while (folded.uses.length <= index) folded.uses.push({ id: '', name: '', input: '' });
    const use = folded.uses[index]!;
    use.id ||= id ?? '';
    use.name ||= called?.name ?? '';
    use.input += called?.arguments ?? '';
  }
}
