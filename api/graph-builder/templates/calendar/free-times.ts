import { report, toChannel } from '../deliver.ts';
import { call, compute, optional } from '../nodes.ts';
import type { SkillTemplate } from '../template.ts';

/** Proposes the first times at which all calendars are free, on weekdays within office hours. */
export const freeTimes: SkillTemplate = report({
  id: 'free_times',
  title: 'Propose free times in {target}',
  asks: [
    'look for a free slot in the calendars and post it in #planning',
    'post free slots of the calendars in #board',
    'share in #committee when everyone is free, by their calendars',
  ],
  needs: [
    [
      'free slot*',
      'free time*',
      'time slot*',
      'is free',
      'are free',
      'availab*',
      'find a time',
      'find times',
      'find a slot',
      'times that suit',
      'time that suits',
      'open slot*',
      'suitable time*',
    ],
  ],
  helps: ['calendar*', 'meeting*', 'propose*', 'everyone', 'next week'],
  excludes: ['create*', 'book it', 'invite*', 'email*', 'e-mail*'],
  delivery: toChannel,
  slots: [
    {
      name: 'with',
      kind: 'address',
      required: false,
      default: '',
      question: 'Whose calendars besides the own? Give their addresses.',
    },
    { name: 'days', kind: 'days_ahead', required: false, default: 7, question: 'How many days ahead?' },
    { name: 'minutes', kind: 'minutes', required: false, default: 30, question: 'How long should it last, in minutes?' },
  ],
  input: {
    with: optional('string', 'Address of another calendar; empty = the own alone', ''),
    others: optional('array', 'Addresses of more calendars', []),
    days: optional('number', 'How many days ahead, 14 at most', 7),
    minutes: optional('number', 'How long, in minutes', 30),
    zone: optional('string', 'Offset of the office hours from UTC, such as +0100', '+0000'),
  },
  read: [
    call('busy', 'See who is free', 'calendar/freebusy.read', {
      calendars: '=[$distinct($append("primary", $append([input.with][$ != ""], input.others)))]',
      from: '=$fromMillis($toMillis(now))',
      to: '=$fromMillis($toMillis(now) + (input.days > 14 ? 14 : input.days) * 86400000)',
    }),
    compute(
      'free',
      'Compare them',
      `(
  $step := 1800000;
  $length := input.minutes * 60000;
  $zone := input.zone;
  $first := $ceil($toMillis(now) / $step) * $step;
  $taken := [nodes.busy.calendars.busy.{"from": $toMillis(start), "to": $toMillis(end)}];
  $days := input.days > 14 ? 14 : input.days;
  $suits := function($t) {
    $number($fromMillis($t, "[F1]", $zone)) < 6
      and $number($fromMillis($t, "[H01]", $zone)) >= 9
      and $number($fromMillis($t + $length - 60000, "[H01]", $zone)) < 17
      and $count($taken[from < $t + $length and to > $t]) = 0
  };
  [[[0..($days * 48 - 1)].($first + $ * $step)[$suits($)]][[0..2]].{"start": $fromMillis($), "words": $fromMillis($, "[FNn,3-3] [D] [MNn,3-3] [H01]:[m01]", $zone)}]
)`,
    ),
  ],
  beginning: 'Free times: ',
  words: `($count(nodes.free) = 0 ? "none within office hours" : $join([nodes.free.words], ", ") & " (UTC" & input.zone & ")")
    & ($count(nodes.busy.calendars[problem]) = 0 ? "" : "\\nNot known: " & $join([nodes.busy.calendars[problem].$plain(calendar)], ", "))`,
  output: { times: '=[nodes.free.start]' },
  reads: ['freebusy.read'],
  example: {
    text: 'Every Monday at 9:00 look into the calendars for a free slot of 30 minutes and post it in #planning.',
    slots: { target: '#planning' },
    evaluate: [
      {
        graph: 'sg_free_times_v1',
        node: 'free',
        scope: {
          now: '2026-11-23T08:40:00.000Z',
          input: { days: 1, minutes: 60, zone: '+0000' },
          nodes: {
            busy: {
              calendars: [{ calendar: 'primary', busy: [{ start: '2026-11-23T09:30:00Z', end: '2026-11-23T11:00:00Z' }] }],
            },
          },
        },
        expect: [
          { start: '2026-11-23T11:00:00.000Z', words: 'Mon 23 Nov 11:00' },
          { start: '2026-11-23T11:30:00.000Z', words: 'Mon 23 Nov 11:30' },
          { start: '2026-11-23T12:00:00.000Z', words: 'Mon 23 Nov 12:00' },
        ],
      },
      {
        graph: 'sg_free_times_v1',
        node: 'word',
        scope: {
          input: { zone: '+0100' },
          nodes: { busy: { calendars: [{ calendar: 'a@b.example', busy: [], problem: 'notFound' }] }, free: [] },
        },
        expect: 'Free times: none within office hours\nNot known: a@b.example',
      },
    ],
  },
});
