import { draftsCreate, draftsList } from './drafts.ts';
import { labelsList, profileGet, threadsGet } from './mailbox.ts';
import { historyList, watch } from './history.ts';
import { messagesGet, messagesList, messagesModify, messagesSend } from './messages.ts';
import type { GmailMethod } from './method.ts';

/** Every method of the API that the sandbox knows. */
export const METHODS: readonly GmailMethod[] = [
  profileGet,
  messagesList,
  messagesGet,
  messagesSend,
  messagesModify,
  draftsCreate,
  draftsList,
  labelsList,
  threadsGet,
  historyList,
  watch,
];
