import { agendaMail, agendaNote, agendaPost } from './calendar/agenda.ts';
import { createEvent } from './calendar/create-event.ts';
import { freeTimes } from './calendar/free-times.ts';
import { remindAttendees } from './calendar/remind-attendees.ts';
import { leadFollowupNote, leadFollowupPost } from './leads/lead-followup.ts';
import { leadIntake } from './leads/lead-intake.ts';
import { acknowledgeMail, answerMail, draftReplies } from './mail/answers.ts';
import { forwardMail } from './mail/forward-mail.ts';
import { labelMail, sortNewsletters } from './mail/label-mail.ts';
import { mailDigestNote, mailDigestPost } from './mail/mail-digest.ts';
import { awaitedAnswers, unansweredMailNote, unansweredMailPost } from './mail/open-mail.ts';
import { recordMail } from './mail/record-mail.ts';
import { channelMail, mailNotice } from './mail/send-mail.ts';
import { urgentMailNote, urgentMailPost } from './mail/urgent-mail.ts';
import { issueDigest, releaseNotes, stalePulls } from './monitoring/github.ts';
import { paymentAlert, paymentsDigest } from './monitoring/stripe.ts';
import { celebrations } from './people/celebrations.ts';
import { onboardingChecklist, welcomeSeries } from './people/onboarding.ts';
import { answerQuestions } from './slack/answer-questions.ts';
import { escalateToChannel, escalateToPerson } from './slack/escalate-unanswered.ts';
import { passOnNote, passOnPost } from './slack/pass-on.ts';
import { statusRound } from './slack/status-round.ts';
import type { SkillTemplate } from './template.ts';

/** Skills of an office: mail, questions in Slack, the calendar, people, leads, and what is watched elsewhere. */
export const officeTemplates: SkillTemplate[] = [
  labelMail,
  sortNewsletters,
  urgentMailPost,
  urgentMailNote,
  forwardMail,
  recordMail,
  mailDigestPost,
  mailDigestNote,
  unansweredMailPost,
  unansweredMailNote,
  awaitedAnswers,
  draftReplies,
  answerMail,
  acknowledgeMail,
  mailNotice,
  channelMail,
  answerQuestions,
  escalateToPerson,
  escalateToChannel,
  passOnNote,
  passOnPost,
  statusRound,
  agendaPost,
  agendaNote,
  agendaMail,
  freeTimes,
  createEvent,
  remindAttendees,
  celebrations,
  onboardingChecklist,
  welcomeSeries,
  leadIntake,
  leadFollowupPost,
  leadFollowupNote,
  issueDigest,
  stalePulls,
  releaseNotes,
  paymentAlert,
  paymentsDigest,
];
