import type { Json } from '../../contracts/json.ts';

/**
 * The data of a stream of server-sent events (WHATWG HTML, 9.2.6), each JSON; OpenAI's `[DONE]` ends it.
 * @throws SyntaxError for data that is no JSON.
 */
export function readEventStream(body: string): Json[] {
  const events = body.split(/\r\n\r\n|\n\n|\r\r/).map(dataOf);
  return events.filter((data) => data !== '' && data !== '[DONE]').map((data): Json => JSON.parse(data));
}

function dataOf(event: string): string {
  const lines = event.split(/\r\n|\n|\r/).filter((line) => line.startsWith('data:'));
  return lines.map((line) => line.slice('data:'.length).replace(/^ /, '')).join('\n');
}
