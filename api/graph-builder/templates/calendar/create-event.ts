import type { SkillGraph } from '../../../../contracts/skill-graph.ts';
import { call, compute, forEach, inOrder, optional, required } from '../nodes.ts';
import type { SkillTemplate } from '../template.ts';

const createOne: SkillGraph = {
  id: 'sg_create_event_one_v1',
  title: 'Put one event into the calendar',
  input: { event: required('object', 'Title, start, end and who is invited'), calendar: required('string', 'Whose calendar') },
  ...inOrder([
    call('create', 'Put it into the calendar', 'calendar/event.create', {
      calendar: '=input.calendar',
      title: '=input.event.title',
      start: '=input.event.start',
      end: '=input.event.end',
      attendees: '=[input.event.attendees]',
      notify: '=$count(input.event.attendees) > 0',
    }),
  ]),
  output: '=nodes.create',
  max_steps: 5,
};

/**
 * Puts what somebody asks for into the calendar. It reads a date (2026-12-01), a time (14:00), "for 45 minutes", the title in
 * quotation marks and addresses; a request without a date and a time leads to nothing. A person sees each event before.
 */
export const createEvent: SkillTemplate = {
  id: 'create_event',
  title: 'Put events into the calendar on request',
  asks: [
    'when somebody asks for an appointment in #reception, put it into the calendar',
    'create a calendar event when I tell you to',
    'book meetings in the calendar on request',
  ],
  needs: [
    [
      'create*',
      'book',
      'books',
      'booking',
      'add',
      'adds',
      'put',
      'puts',
      'enter',
      'enters',
      'schedule',
      'schedules',
      'set up',
      'sets up',
      'arrange',
      'arranges',
    ],
    ['calendar*', 'appointment*', 'meeting*', 'event', 'events', 'diary'],
  ],
  helps: ['calendar', 'request', 'when', 'asks', 'invite*'],
  excludes: [
    'free slot*',
    'free time*',
    'remind*',
    'agenda',
    'digest*',
    'flight*',
    'hotel*',
    'reschedul*',
    'cancel*',
    'email*',
    'mail*',
    'summar*',
    'post*',
  ],
  wholeSentence: true,
  event: {
    source: 'slack',
    input: { requests: '=[trigger.payload.command, trigger.payload.message.text, trigger.payload.messages.text]' },
  },
  slots: [
    { name: 'channel', kind: 'source_channel', required: false, default: '', question: 'In which channel is it asked for?' },
    { name: 'minutes', kind: 'minutes', required: false, default: 60, question: 'How long does an event last, in minutes?' },
  ],
  graphs: [
    {
      id: 'sg_create_event_v1',
      title: 'Put events into the calendar',
      input: {
        requests: required('array', 'What was asked for, in words'),
        channel: optional('string', 'Channel of the requests', ''),
        calendar: optional('string', 'Whose calendar: an address, or primary', 'primary'),
        minutes: optional('number', 'How long, where the request does not say', 60),
        zone: optional('string', 'Offset of the times from UTC, such as +01:00', 'Z'),
      },
      ...inOrder([
        compute(
          'read',
          'Read the requests',
          `(
  $zone := input.zone;
  $minutes := input.minutes;
  [[input.requests].(
    $text := $;
    $day := $match($text, /\\b20[0-9]{2}-[01][0-9]-[0-3][0-9]\\b/)[0].match;
    $time := $match($text, /\\b([01][0-9]|2[0-3]):[0-5][0-9]\\b/)[0].match;
    $for := $match($text, /for ([0-9]{1,3}) (minutes|min|hours?)/i)[0].groups;
    $length := $exists($for) ? $number($for[0]) * ($contains($for[1], "h") ? 60 : 1) : $minutes;
    $title := $match($text, /"([^"]{1,200})"/)[0].groups[0];
    $start := $day & "T" & $time & ":00" & $zone;
    $exists($day) and $exists($time) ? {
      "title": $exists($title) ? $title : $substring($trim($replace($text, /\\s+/, " ")), 0, 120),
      "start": $start,
      "end": $fromMillis($toMillis($start) + $length * 60000),
      "attendees": [$match($text, /[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+/).match]
    }
  )]
)`,
        ),
        forEach('create_each', 'Put each into the calendar', '[nodes.read]', createOne, {
          event: '=item',
          calendar: '=input.calendar',
        }),
      ]),
      output: { created: '=[nodes.create_each.{"id": id, "title": title, "url": url}]' },
      max_steps: 10,
    },
    createOne,
  ],
  permissions: ['event.write'],
  allows: [],
  example: {
    text: 'When somebody asks for an appointment in #reception, put it into the calendar.',
    slots: { channel: '#reception' },
    evaluate: [
      {
        graph: 'sg_create_event_v1',
        node: 'read',
        scope: {
          input: {
            zone: '+01:00',
            minutes: 60,
            requests: [
              'Please book "Visit of the roofers" on 2026-12-01 at 14:00 for 45 minutes with ana@roof.example',
              'tomorrow please',
            ],
          },
        },
        expect: [
          {
            title: 'Visit of the roofers',
            start: '2026-12-01T14:00:00+01:00',
            end: '2026-12-01T13:45:00.000Z',
            attendees: ['ana@roof.example'],
          },
        ],
      },
    ],
  },
};
