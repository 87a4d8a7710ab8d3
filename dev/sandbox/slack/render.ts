import { APP } from './seed.ts';
import type { Conversation, Message, Person, Workspace } from './workspace.ts';

type Json = Record<string, unknown>;

function reactionsOf(message: Message): Json {
  if (message.reactions.size === 0) return {};
  return { reactions: [...message.reactions].map(([name, users]) => ({ name, users, count: users.length })) };
}

function threadOf(message: Message, conversation: Conversation): Json {
  if (message.threadTs !== null) return { thread_ts: message.threadTs };
  const replies = conversation.messages.filter((one) => one.threadTs === message.ts);
  const latest = replies.at(-1);
  if (latest === undefined) return {};
  const users = [...new Set(replies.map((one) => one.user))];
  return {
    thread_ts: message.ts,
    reply_count: replies.length,
    reply_users: users,
    reply_users_count: users.length,
    latest_reply: latest.ts,
  };
}

/** A message object (https://docs.slack.dev/reference/events/message). */
export function renderMessage(workspace: Workspace, conversation: Conversation, message: Message, withMetadata: boolean): Json {
  return {
    type: 'message',
    user: message.user,
    ts: message.ts,
    ...(message.botId === null ? {} : { bot_id: message.botId, app_id: APP.appId }),
    text: message.text,
    team: workspace.id,
    ...threadOf(message, conversation),
    ...reactionsOf(message),
    ...(withMetadata && message.metadata !== null ? { metadata: message.metadata } : {}),
  };
}

/** A conversation object (https://docs.slack.dev/reference/objects/conversation-object), as `viewer` sees it. */
export function renderConversation(workspace: Workspace, conversation: Conversation, viewer: string): Json {
  const { id, kind, createdS, isArchived } = conversation;
  const shared = { id, created: createdS, is_archived: isArchived, context_team_id: workspace.id, is_org_shared: false };
  if (kind === 'im') {
    return {
      ...shared,
      is_im: true,
      user: [...conversation.members].find((member) => member !== viewer),
      is_user_deleted: false,
    };
  }
  return {
    ...shared,
    name: conversation.name,
    name_normalized: conversation.name,
    is_channel: true,
    is_group: false,
    is_im: false,
    is_mpim: false,
    is_private: kind === 'private',
    is_general: conversation.name === 'general',
    is_member: conversation.members.has(viewer),
    num_members: conversation.members.size,
    topic: { value: conversation.topic, creator: '', last_set: 0 },
    purpose: { value: '', creator: '', last_set: 0 },
  };
}

/** A user object (https://docs.slack.dev/reference/objects/user-object); the address needs its own scope. */
export function renderPerson(workspace: Workspace, person: Person, withEmail: boolean): Json {
  return {
    id: person.id,
    team_id: workspace.id,
    name: person.name,
    real_name: person.realName,
    deleted: false,
    is_bot: person.isBot,
    is_app_user: false,
    tz: person.tz,
    profile: {
      real_name: person.realName,
      display_name: person.name,
      title: person.title,
      ...(withEmail && person.email !== null ? { email: person.email } : {}),
    },
  };
}
