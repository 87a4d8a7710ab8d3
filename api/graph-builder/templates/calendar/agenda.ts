import type { SkillGraph } from '../../../../contracts/skill-graph.ts';
import type { Delivery } from '../deliver.ts';
import { report, toAddress, toChannel, toPerson } from '../deliver.ts';
import { call, optional } from '../nodes.ts';
import type { SkillTemplate } from '../template.ts';

/** What people call a calendar and what stands in it. */
export const CALENDAR_WORDS = [
  'calendar*',
  'agenda*',
  'appointment*',
  'meeting*',
  'diary',
  'schedule of the day',
  "day's schedule",
  "today's schedule",
  'events',
  'bookings',
  'viewings',
];

/** Events of the next days. Their times are those of the calendar's own zone, as it writes them. */
export const LIST_EVENTS = call('list', 'Look into the calendar', 'calendar/event.list', {
  calendar: '=input.calendar',
  from: '=$fromMillis($toMillis(now))',
  to: '=$fromMillis($toMillis(now) + input.days * 86400000)',
  limit: 100,
});
export const calendarInput: SkillGraph['input'] = {
  calendar: optional('string', "Whose calendar: an address; primary = the connected person's own", 'primary'),
  days: optional('number', 'How many days ahead', 1),
};
export const daysSlot = {
  name: 'days',
  kind: 'days_ahead',
  required: false,
  default: 1,
  question: 'How many days ahead?',
} as const;

/** What is on in the next days, one line an event. */
function agenda(of: {
  id: string;
  title: string;
  asks: string[];
  delivery: Delivery;
  text: string;
  filled: SkillTemplate['example']['slots'];
}): SkillTemplate {
  return report({
    ...of,
    needs: [
      CALENDAR_WORDS,
      [
        'agenda*',
        'post*',
        'send*',
        'dm',
        'email*',
        'mail*',
        'list*',
        'share*',
        'overview*',
        'summar*',
        'tell*',
        'brief*',
        'what is on',
        "what's on",
        'which',
      ],
    ],
    helps: ['today*', 'day', 'morning', 'agenda*', 'calendar', 'upcoming', 'meeting*'],
    excludes: [
      'create*',
      'book',
      'books',
      'invite*',
      'find a time',
      'free',
      'reschedul*',
      'cancel*',
      'attendee*',
      'participant*',
      'everyone who',
      'birthday*',
      'notes',
      'minutes of',
      'issue*',
      'remind*',
      'channel*',
    ],
    slots: [daysSlot],
    input: calendarInput,
    read: [LIST_EVENTS],
    beginning: 'Agenda: ',
    words: `(
    $all := [nodes.list.events[status != "cancelled"]];
    $when := function($e) { $length($e.start) = 10 ? (input.days > 1 ? $e.start & " " : "") & "all day" : (input.days > 1 ? $substring($e.start, 0, 10) & " " : "") & $substring($e.start, 11, 5) };
    $count($all) = 0 ? "nothing" : $many($count($all), "event", "events") & "\\n"
      & $join([$all.("• " & $when($) & " " & $plain(title) & ($exists(location) ? " (" & $plain(location) & ")" : ""))], "\\n")
  )`,
    output: { count: '=$count(nodes.list.events)' },
    reads: ['event.read'],
    example: {
      text: of.text,
      slots: of.filled,
      evaluate: [
        {
          graph: `sg_${of.id}_v1`,
          node: 'word',
          scope: {
            input: { days: 1 },
            nodes: {
              list: {
                events: [
                  { id: 'e1', title: 'Open day', start: '2026-11-24', end: '2026-11-25', status: 'confirmed' },
                  {
                    id: 'e2',
                    title: 'Rollers',
                    start: '2026-11-24T14:30:00+01:00',
                    end: '2026-11-24T15:00:00+01:00',
                    location: 'Hall 2',
                    status: 'confirmed',
                  },
                  { id: 'e3', title: 'Off', start: '2026-11-24T16:00:00+01:00', status: 'cancelled' },
                ],
              },
            },
          },
          expect: 'Agenda: 2 events\n• all day Open day\n• 14:30 Rollers (Hall 2)',
        },
      ],
    },
  });
}

export const agendaPost = agenda({
  id: 'agenda',
  title: 'Post the agenda in {target}',
  asks: ["post the day's agenda from the calendar in #office", "share today's appointments in #reception"],
  delivery: toChannel,
  text: "Every weekday at 8:20 post today's appointments from the calendar in #reception.",
  filled: { target: '#reception' },
});
export const agendaNote = agenda({
  id: 'agenda_note',
  title: 'Send {person} the agenda',
  asks: ["dm Mona today's meetings", 'dm @sam the agenda of the day from the calendar'],
  delivery: toPerson,
  text: "Every weekday at 7:30 dm Mona today's meetings from the calendar.",
  filled: { person: '@mona' },
});
export const agendaMail = agenda({
  id: 'agenda_mail',
  title: 'Mail the agenda to {to}',
  asks: ["email today's appointments to desk@clinic.example", 'mail the agenda of the calendar to board@school.example'],
  delivery: toAddress,
  text: "Every weekday at 7:00 email today's appointments from the calendar to desk@clinic.example.",
  filled: { to: 'desk@clinic.example' },
});
