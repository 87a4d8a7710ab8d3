import { calendarInput } from '../calendar/agenda.ts';
import { report, toChannel } from '../deliver.ts';
import { call, compute } from '../nodes.ts';
import type { SkillTemplate } from '../template.ts';

/** Congratulates on birthdays and anniversaries that stand in the calendar. */
export const celebrations: SkillTemplate = report({
  id: 'celebrations',
  title: 'Congratulate in {target}',
  asks: [
    'post birthday wishes in #all on the days that stand in the calendar',
    'congratulate colleagues on birthdays and work anniversaries from the calendar in #team',
  ],
  needs: [
    ['birthday*', 'anniversar*', 'jubilee*'],
    ['congratulat*', 'wish*', 'post*', 'celebrat*', 'greet*', 'announc*', 'share*'],
  ],
  helps: ['calendar', 'colleague*', 'birthday*', 'every day'],
  excludes: ['dm', 'direct message*', 'email*', 'card', 'gift*', 'cake'],
  delivery: toChannel,
  input: { calendar: calendarInput['calendar']! },
  read: [
    call('list', 'Look into the calendar', 'calendar/event.list', {
      calendar: '=input.calendar',
      from: '=$fromMillis($toMillis(now))',
      to: '=$fromMillis($toMillis(now) + 12 * 3600000)',
      limit: 100,
    }),
    compute(
      'today',
      'Keep what is celebrated today',
      '[nodes.list.events[status != "cancelled" and $contains($lowercase(title), /birthday|anniversar|jubilee/) and $substring(start, 0, 10) <= $substring($$.now, 0, 10)].title]',
    ),
  ],
  beginning: 'Today: ',
  words: `($count(nodes.today) = 0 ? "nobody to congratulate" : $join([nodes.today.$plain($)], ", ") & " :tada: Congratulations!")`,
  output: { count: '=$count(nodes.today)' },
  reads: ['event.read'],
  example: {
    text: 'Every morning at 9:00 post birthday wishes from the calendar in #all.',
    slots: { target: '#all' },
    evaluate: [
      {
        graph: 'sg_celebrations_v1',
        node: 'today',
        scope: {
          now: '2026-11-24T08:00:00.000Z',
          nodes: {
            list: {
              events: [
                { id: 'e1', title: "Ines's birthday", start: '2026-11-24', status: 'confirmed' },
                { id: 'e2', title: 'Stand-up', start: '2026-11-24T09:00:00Z', status: 'confirmed' },
              ],
            },
          },
        },
        expect: ["Ines's birthday"],
      },
      {
        graph: 'sg_celebrations_v1',
        node: 'word',
        scope: { nodes: { today: ["Ines's birthday"] } },
        expect: "Today: Ines's birthday :tada: Congratulations!",
      },
    ],
  },
});
