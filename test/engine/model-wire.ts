/** The forms in which endpoints say what a scripted model says. */
export interface Saying {
  text: string;
  uses: { name: string; input: object }[];
}

const TOKENS = { input: 12, output: 3 };

/** What an endpoint of the kind that the path belongs to sends: a JSON body, or the events of a stream. */
export function wireOf(path: string, saying: Saying, isStream: boolean): { type: string; body: string } {
  const isAnthropic = path.endsWith('/messages');
  if (!isStream) return { type: 'application/json', body: JSON.stringify(isAnthropic ? message(saying) : completion(saying)) };
  const events = isAnthropic ? messageEvents(saying) : [...completionChunks(saying), '[DONE]'];
  return { type: 'text/event-stream; charset=utf-8', body: events.map(eventText).join('') };
}

function eventText(event: object | string): string {
  return `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`;
}

function completion({ text, uses }: Saying) {
  const tool_calls = uses.map(({ name, input }, at) => ({
    id: `call_${at}`,
    type: 'function',
    function: { name, arguments: JSON.stringify(input) },
  }));
  const message = uses.length > 0 ? { role: 'assistant', content: null, tool_calls } : { role: 'assistant', content: text };
  const usage = { prompt_tokens: TOKENS.input, completion_tokens: TOKENS.output };
  return { id: 'x', object: 'chat.completion', choices: [{ index: 0, message, finish_reason: 'stop' }], usage };
}

/** In two pieces each, as words come. */
function completionChunks({ text, uses }: Saying): object[] {
  const half = Math.ceil(text.length / 2);
  const words = [text.slice(0, half), text.slice(half)].map((content) => ({ choices: [{ index: 0, delta: { content } }] }));
  const calls = uses.flatMap(({ name, input }, index) => {
    const written = JSON.stringify(input);
    return [
      { choices: [{ delta: { tool_calls: [{ index, id: `call_${index}`, function: { name, arguments: '' } }] } }] },
      { choices: [{ delta: { tool_calls: [{ index, function: { arguments: written.slice(0, 5) } }] } }] },
      { choices: [{ delta: { tool_calls: [{ index, function: { arguments: written.slice(5) } }] } }] },
    ];
  });
  const usage = { prompt_tokens: TOKENS.input, completion_tokens: TOKENS.output };
  return [...(uses.length > 0 ? calls : words), { choices: [{ delta: {}, finish_reason: 'stop' }] }, { choices: [], usage }];
}

function message({ text, uses }: Saying) {
  const tools = uses.map(({ name, input }, at) => ({ type: 'tool_use', id: `toolu_${at}`, name, input }));
  const content = tools.length > 0 ? tools : [{ type: 'text', text }];
  return {
    type: 'message',
    content,
    stop_reason: 'end_turn',
    usage: { input_tokens: TOKENS.input, output_tokens: TOKENS.output },
  };
}

function messageEvents({ text, uses }: Saying): object[] {
  const blocks = uses.length > 0 ? uses : [{ text }];
  return [
    { type: 'message_start', message: { usage: { input_tokens: TOKENS.input, output_tokens: 1 } } },
    { type: 'ping' },
    ...blocks.flatMap((block, index) => [
      'text' in block
        ? { type: 'content_block_start', index, content_block: { type: 'text', text: '' } }
        : {
            type: 'content_block_start',
            index,
            content_block: { type: 'tool_use', id: `toolu_${index}`, name: block.name, input: {} },
          },
      'text' in block
        ? { type: 'content_block_delta', index, delta: { type: 'text_delta', text: block.text } }
        : { type: 'content_block_delta', index, delta: { type: 'input_json_delta', partial_json: JSON.stringify(block.input) } },
      { type: 'content_block_stop', index },
    ]),
    { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: TOKENS.output } },
    { type: 'message_stop' },
  ];
}
