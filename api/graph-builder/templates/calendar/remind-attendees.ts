import type { SkillGraph } from '../../../../contracts/skill-graph.ts';
import { call, compute, forEach, inOrder, optional, required } from '../nodes.ts';
import type { SkillTemplate } from '../template.ts';
import { CALENDAR_WORDS, calendarInput, daysSlot, LIST_EVENTS } from './agenda.ts';

const remindOne: SkillGraph = {
  id: 'sg_remind_attendee_v1',
  title: 'Remind one person',
  input: {
    to: required('string', 'E-mail address'),
    subject: required('string', 'Subject'),
    text: required('string', 'What it says'),
  },
  nodes: [
    {
      ...call('send', 'Send the reminder', 'gmail/email.send', {
        to: '=input.to',
        subject: '=input.subject',
        body: '=input.text',
      }),
      kind: 'capability',
      on_refused: 'continue',
    } as SkillGraph['nodes'][number],
  ],
  edges: [],
  output: { to: '=input.to', sent: '=$not($exists(nodes.send.refused))' },
  max_steps: 5,
};

const remindEvent: SkillGraph = {
  id: 'sg_remind_event_v1',
  title: 'Remind those invited to one event',
  input: {
    id: required('string', 'The event'),
    calendar: required('string', 'Whose calendar'),
    words: required('string', 'What is said besides'),
  },
  ...inOrder([
    call('read', 'Read the event', 'calendar/event.get', { calendar: '=input.calendar', id: '=input.id' }),
    compute(
      'word',
      'Word the reminder',
      `(
  $e := nodes.read;
  $when := $substring($e.start, 0, 10) & ($length($e.start) = 10 ? "" : " at " & $substring($e.start, 11, 5));
  {
    "subject": $substring("Reminder: " & $replace($e.title, /\\s+/, " ") & ", " & $when, 0, 250),
    "text": "Hello,\\n\\nthis is a reminder of " & $e.title & " on " & $when & ($exists($e.location) ? ", " & $e.location : "") & "."
      & (input.words = "" ? "" : "\\n\\n" & input.words) & "\\n\\nKind regards",
    "people": [$e.attendees[response != "declined" and email != $e.organizer and email != ""].email]
  }
)`,
    ),
    forEach('send_each', 'Remind each', '[nodes.word.people]', remindOne, {
      to: '=item',
      subject: '=nodes.word.subject',
      text: '=nodes.word.text',
    }),
  ]),
  output: { title: '=nodes.read.title', reminded: '=[nodes.send_each[sent].to]' },
  max_steps: 10,
};

/** Mails everybody who is invited to what is on next, and has not declined, a reminder. */
export const remindAttendees: SkillTemplate = {
  id: 'remind_attendees',
  title: 'Remind those invited to upcoming events',
  asks: [
    'a day before each appointment in the calendar email the patient a reminder',
    'remind the participants of upcoming meetings by email',
    'email attendees a reminder of their appointment for tomorrow',
  ],
  needs: [
    ['remind*'],
    [...CALENDAR_WORDS, 'viewing*', 'session*', 'visit*', 'lesson*', 'consultation*'],
    [
      'email*',
      'e-mail*',
      'mail',
      'mails',
      'attendee*',
      'participant*',
      'patient*',
      'client*',
      'guest*',
      'invited',
      'parent*',
      'everyone invited',
    ],
  ],
  helps: ['before', 'tomorrow', 'upcoming', 'day', 'attendee*', 'calendar'],
  excludes: ['invoice*', 'overdue', 'unpaid', 'slack', 'dm', 'direct message*', 'channel', 'answer*', 'repl*'],
  wholeSentence: true,
  slots: [
    daysSlot,
    { name: 'words', kind: 'text', required: false, default: '', question: 'What should the reminder say besides?' },
  ],
  graphs: [
    {
      id: 'sg_remind_attendees_v1',
      title: 'Remind those invited',
      input: { ...calendarInput, words: optional('string', 'What is said besides', '') },
      ...inOrder([
        LIST_EVENTS,
        forEach('remind_each', 'Take each event', '[nodes.list.events[status != "cancelled"]]', remindEvent, {
          id: '=item.id',
          calendar: '=input.calendar',
          words: '=input.words',
        }),
      ]),
      output: { reminded: '=[nodes.remind_each]' },
      max_steps: 10,
    },
    remindEvent,
    remindOne,
  ],
  permissions: ['event.read', 'email.write'],
  allows: [],
  example: {
    text: 'Every day at 10:00 remind the participants of upcoming meetings in the calendar by email.',
    slots: { days: 1 },
    evaluate: [
      {
        graph: remindEvent.id,
        node: 'word',
        scope: {
          input: { words: 'Please bring gloves.' },
          nodes: {
            read: {
              id: 'e1',
              title: 'Rollers',
              start: '2026-11-24T14:30:00+01:00',
              location: 'Hall 2',
              organizer: 'desk@mill.example',
              attendees: [
                { email: 'desk@mill.example', response: 'accepted' },
                { email: 'ines@mill.example', response: 'needsAction' },
                { email: 'tom@mill.example', response: 'declined' },
              ],
            },
          },
        },
        expect: {
          subject: 'Reminder: Rollers, 2026-11-24 at 14:30',
          text: 'Hello,\n\nthis is a reminder of Rollers on 2026-11-24 at 14:30, Hall 2.\n\nPlease bring gloves.\n\nKind regards',
          people: ['ines@mill.example'],
        },
      },
    ],
  },
};
