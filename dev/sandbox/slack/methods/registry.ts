import { authRevoke, authTest } from './auth.ts';
import { chatPostMessage } from './chat-post-message.ts';
import { conversationsHistory } from './conversations-history.ts';
import { conversationsInfo } from './conversations-info.ts';
import { conversationsList } from './conversations-list.ts';
import { conversationsOpen } from './conversations-open.ts';
import { conversationsReplies } from './conversations-replies.ts';
import type { SlackMethod } from './method.ts';
import { reactionsAdd, reactionsGet } from './reactions.ts';
import { searchMessages } from './search-messages.ts';
import { usersList, usersLookupByEmail } from './users.ts';

/** Every Web API method that the sandbox knows, by name. */
export const METHODS: ReadonlyMap<string, SlackMethod> = new Map(
  [
    authTest,
    authRevoke,
    chatPostMessage,
    conversationsOpen,
    conversationsHistory,
    conversationsReplies,
    conversationsInfo,
    conversationsList,
    usersList,
    usersLookupByEmail,
    reactionsAdd,
    reactionsGet,
    searchMessages,
  ].map((method) => [method.name, method]),
);
