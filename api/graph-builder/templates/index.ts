import { acknowledgeMessage } from './acknowledge-message.ts';
import { askQuestion } from './ask-question.ts';
import { channelDigest } from './channel-digest.ts';
import { channelDirectory } from './channel-directory.ts';
import { channelSummaryDm } from './channel-summary-dm.ts';
import { collectReplies } from './collect-replies.ts';
import { directNote } from './direct-note.ts';
import { findPerson } from './find-person.ts';
import { markCovered } from './mark-covered.ts';
import { chaseOverdue } from './receivables/chase-overdue.ts';
import { overdueInvoices } from './receivables/overdue-invoices.ts';
import { overdueReport, overdueSummary } from './receivables/overdue-summary.ts';
import { remindCustomers } from './receivables/remind-customers.ts';
import { postNote } from './post-note.ts';
import { remindMissing } from './remind-missing.ts';
import type { SkillTemplate } from './template.ts';
import { threadSummary } from './thread-summary.ts';
import { topicGuide } from './topic-guide.ts';
import { urgentAlert } from './urgent-alert.ts';
import { urgentNote } from './urgent-note.ts';
import { welcomeNewcomer } from './welcome-newcomer.ts';

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
  overdueInvoices,
  remindCustomers,
  chaseOverdue,
  overdueSummary,
  overdueReport,
];
