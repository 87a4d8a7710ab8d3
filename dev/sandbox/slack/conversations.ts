import { SlackError } from './errors.ts';
import type { MethodContext } from './methods/method.ts';
import type { Conversation, Message } from './workspace.ts';

/** Private and direct conversations of others do not exist for the caller. */
export function isVisible(conversation: Conversation, actor: string): boolean {
  return conversation.kind === 'public' || conversation.members.has(actor);
}

/** The conversation of that id, as far as the caller may know of it. */
export function findConversation({ workspace, actor }: MethodContext, id: string): Conversation {
  const conversation = workspace.conversations.get(id);
  if (conversation === undefined || !isVisible(conversation, actor)) throw new SlackError('channel_not_found');
  return conversation;
}

/** A public channel can be seen by everybody, but a bot reads only where it was invited. */
export function requireReadable({ actor }: MethodContext, conversation: Conversation): void {
  if (!conversation.members.has(actor)) throw new SlackError('not_in_channel');
}

export function findMessage(conversation: Conversation, ts: string): Message | undefined {
  return conversation.messages.find((message) => message.ts === ts);
}

/** A `ts` as whole microseconds, so that bounds of any precision compare. */
function toMicros(ts: string): number {
  const [seconds = '0', fraction = ''] = ts.split('.');
  return Number(seconds) * 1_000_000 + Number(fraction.padEnd(6, '0'));
}

export interface TimeRange {
  oldest?: string | undefined;
  latest?: string | undefined;
  inclusive?: boolean | undefined;
}

/** Messages between the bounds, which are outside unless `inclusive`. */
export function inRange(messages: Message[], { oldest, latest, inclusive = false }: TimeRange): Message[] {
  const from = oldest === undefined ? -Infinity : toMicros(oldest);
  const to = latest === undefined ? Infinity : toMicros(latest);
  return messages.filter(({ ts }) => {
    const at = toMicros(ts);
    return inclusive ? at >= from && at <= to : at > from && at < to;
  });
}
