import { FOR_SLACK, LINES, MONEY, PLAIN } from '../books/texts.ts';
import { toChannel, toPerson, type Delivery } from '../deliver.ts';
import { inOrder, call, compute, required } from '../nodes.ts';
import type { SkillTemplate } from '../template.ts';
import { DM_WORDS, POST_WORDS } from '../words.ts';

const BEGINNING = 'Reminded often enough, now for you:';
const after = 'Look up the overdue invoices in QuickBooks. Send each of those customers at most 3 reminders by email';

function tell(id: string, delivery: Delivery, parameters: { [name: string]: string }, capability: string): SkillTemplate {
  const isChannel = delivery === toChannel;
  const slot = delivery.slot.name;
  return {
    id,
    title: isChannel ? 'Post in {target} who was reminded often enough' : 'Tell {person} who was reminded often enough',
    asks: isChannel
      ? ['after the third reminder post it in #collections']
      : ['after the last reminder tell @olu by direct message', 'once they have had all reminders send Rosa a direct message'],
    does: [{ action: ['tell', 'ask', 'send'], to: isChannel ? 'channel' : 'person' }],
    needs: [
      isChannel ? POST_WORDS : [...DM_WORDS, 'tell', 'message', 'ping', 'let'],
      [
        'after the',
        'last reminder',
        'third',
        'second',
        'fourth',
        'final reminder',
        'all reminders',
        'then',
        'still',
        'no reaction',
        'if they',
      ],
    ],
    helps: ['third', 'last', 'reminder*', 'still', 'slack'],
    excludes: isChannel ? DM_WORDS : [],
    slots: [delivery.slot],
    feeds: ['remind_customers', 'chase_overdue'].map((from) => ({
      from,
      input: 'invoices',
      output: 'exhausted',
      when: '$count({output}) > 0',
    })),
    askedAfter: after,
    graphs: [
      {
        id: `sg_${id}_v1`,
        title: 'Name who was reminded often enough',
        input: { invoices: required('array', 'Invoices that had all their reminders'), ...delivery.input },
        ...inOrder([
          compute(
            'word',
            'Word it',
            `($plain := ${PLAIN}; "${BEGINNING}\\n" & (${LINES})([input.invoices.("• " & $plain(customer) & ": " & (${MONEY})(balance, currency) & ", " & $string(days_overdue) & " days late (invoice " & number & ")")]))`,
          ),
          call('send', 'Send it', capability, parameters),
        ]),
        output: { count: '=$count(input.invoices)' },
        max_steps: 5,
      },
    ],
    permissions: ['slack.write'],
    allows: [delivery.allow(BEGINNING)],
    example: {
      text: `${after}. ${isChannel ? 'After the third reminder post it in #collections' : 'After their third reminder send Dana a direct message'}.`,
      slots: isChannel ? { [slot]: '#collections' } : { [slot]: '@dana' },
      evaluate: [
        {
          graph: `sg_${id}_v1`,
          node: 'word',
          scope: {
            input: { invoices: [{ number: '1046', customer: 'Fernhollow', balance: 7_200, currency: 'USD', days_overdue: 95 }] },
          },
          expect: `${BEGINNING}\n• Fernhollow: 7,200.00 USD, 95 days late (invoice 1046)`,
        },
      ],
    },
  };
}

export const tellExhausted = tell(
  'tell_exhausted',
  toPerson,
  { user: '=input.person', text: `=(${FOR_SLACK})(nodes.word)` },
  'slack/slack.dm',
);
export const postExhausted = tell(
  'post_exhausted',
  toChannel,
  { channel: '=input.target', text: `=(${FOR_SLACK})(nodes.word)` },
  'slack/slack.post',
);
