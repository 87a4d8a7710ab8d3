import { acknowledgeMessage } from './slack/acknowledge-message.ts';
import { askQuestion } from './slack/ask-question.ts';
import { bookTemplates } from './books.ts';
import { channelDigest } from './slack/channel-digest.ts';
import { channelDirectory } from './slack/channel-directory.ts';
import { channelSummaryDm } from './slack/channel-summary-dm.ts';
import { collectReplies } from './slack/collect-replies.ts';
import { directNote } from './slack/direct-note.ts';
import { findPerson } from './slack/find-person.ts';
import { markCovered } from './slack/mark-covered.ts';
import { officeTemplates } from './office.ts';
import { postNote } from './slack/post-note.ts';
import { remindMissing } from './slack/remind-missing.ts';
import type { SkillTemplate } from './template.ts';
import { threadSummary } from './slack/thread-summary.ts';
import { topicGuide } from './slack/topic-guide.ts';
import { urgentAlert } from './slack/urgent-alert.ts';
import { urgentNote } from './slack/urgent-note.ts';
import { welcomeNewcomer } from './people/welcome-newcomer.ts';

/** All skill templates; adding one = one file and one line here. */
export const skillTemplates: SkillTemplate[] = [
  channelDigest,
  channelSummaryDm,
  markCovered,
  welcomeNewcomer,
  topicGuide,
  askQuestion,
  remindMissing,
  collectReplies,
  urgentAlert,
  urgentNote,
  acknowledgeMessage,
  postNote,
  directNote,
  channelDirectory,
  findPerson,
  threadSummary,
  ...bookTemplates,
  ...officeTemplates,
];
