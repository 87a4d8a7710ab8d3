import type { JsonObject } from '../../../../contracts/json.ts';
import type { SkillGraph } from '../../../../contracts/skill-graph.ts';
import { toAddress, toChannel, toPerson } from '../deliver.ts';
import type { SkillTemplate } from '../template.ts';
import { DM_WORDS, POST_WORDS } from '../words.ts';
import { FOR_SLACK } from './texts.ts';

const textsInput: SkillGraph['input'] = {
  texts: { type: 'array', description: 'What the earlier report said', required: true },
  subjects: { type: 'array', description: 'What it is called', required: false, default: [] },
};
const IT = [
  'it',
  'this',
  'them',
  'that',
  'list',
  'summary',
  'report',
  'result*',
  'overview',
  'figures',
  'numbers',
  'headline*',
  'total*',
  'half-page',
  'half page',
  'short version',
  'digest',
  'margin',
  'one line',
  'findings',
  'sentence*',
  'lines',
  'paragraph*',
  'bullet*',
  'table',
  'comparison',
  'one-pager',
  'short note',
];

/**
 * Sends on what an earlier duty has reported: "… and post it in #x", "then mail the summary to the board". `postedOtherwise`:
 * reports that have a post of their own.
 */
export function deliveryTemplates(reports: readonly string[], postedOtherwise: readonly string[]): SkillTemplate[] {
  const feedsOf = (ids: readonly string[]) =>
    ids.flatMap((from) => [
      { from, input: 'texts', output: 'text' },
      { from, input: 'subjects', output: 'subject' },
    ]);
  const words = '$join(input.texts, "\\n\\n")';
  const common = {
    feeds: feedsOf([...reports, ...postedOtherwise]),
    helps: ['summary', 'list', 'report', 'headline', 'short'],
    askedAfter: 'Look up supplier bills falling due next week',
    permissions: ['slack.write'],
  };
  const after = `${common.askedAfter}.`;
  return [
    {
      ...common,
      id: 'deliver_post',
      feeds: feedsOf(reports),
      title: 'Post the report in {target}',
      asks: ['post the list in #finance', 'share a short summary of it in #leadership', 'put the headline figures in #board'],
      does: [{ action: ['tell', 'summarise', 'send'], to: 'channel' }],
      needs: [[...POST_WORDS, 'report', 'tell'], IT],
      excludes: [...DM_WORDS, 'email*', 'e-mail*', 'remind*'],
      slots: [toChannel.slot],
      graphs: [
        deliverGraph('post', { target: { type: 'string', description: 'Channel', required: true } }, 'slack/slack.post', {
          channel: '=input.target',
          text: `=(${FOR_SLACK})(${words})`,
        }),
      ],
      allows: [
        {
          capability: 'slack/slack.post',
          when: 'parameters.channel = {target} and $not($exists(parameters.thread_ts))',
          said: ['target'],
          reason: 'The description asks for the report in {target}.',
        },
      ],
      example: { text: `${after} Post the list in #finance.`, slots: { target: '#finance' }, evaluate: [] },
    },
    {
      ...common,
      id: 'deliver_dm',
      title: 'Message {person} the report',
      asks: ['dm Dana the list', 'dm @rosa the totals', 'message Olu the report privately on Slack'],
      does: [{ action: ['tell', 'summarise', 'send'], to: 'person' }],
      needs: [[...DM_WORDS, 'tell', 'tells', 'message', 'on slack'], IT],
      excludes: ['email*', 'e-mail*', 'remind*', 'saying'],
      slots: [toPerson.slot],
      graphs: [
        deliverGraph('dm', { person: { type: 'string', description: 'Who gets it', required: true } }, 'slack/slack.dm', {
          user: '=input.person',
          text: `=(${FOR_SLACK})(${words})`,
        }),
      ],
      allows: [
        {
          capability: 'slack/slack.dm',
          when: 'parameters.user = {person}',
          said: ['person'],
          reason: 'The description asks for the report to {person}.',
        },
      ],
      example: { text: `${after} DM Dana the list.`, slots: { person: '@dana' }, evaluate: [] },
    },
    {
      ...common,
      id: 'deliver_mail',
      title: 'Mail the report to {to}',
      asks: [
        'email the summary to board@millrace.example',
        'send the report by email to owner@millrace.example',
        'mail it to books@millrace.example',
      ],
      does: [{ action: ['send', 'tell', 'summarise'], to: 'mail' }],
      needs: [['email*', 'e-mail*', 'mail', 'mails', 'by mail'], IT],
      excludes: [...DM_WORDS, 'slack', 'remind*'],
      permissions: ['email.write'],
      slots: [toAddress.slot],
      graphs: [
        deliverGraph('mail', { to: { type: 'string', description: 'Address', required: true } }, 'gmail/email.send', {
          to: '=input.to',
          subject: '=$count(input.subjects) > 0 ? $substring($join(input.subjects, ", "), 0, 200) : "Report"',
          body: `=${words}`,
        }),
      ],
      allows: [
        {
          capability: 'gmail/email.send',
          when: 'parameters.to = {to} and $not($exists(parameters.cc)) and $not($exists(parameters.attachments))',
          said: ['to'],
          reason: 'The description asks for the report by mail to {to}.',
        },
      ],
      example: {
        text: `${after} Email the summary to board@millrace.example.`,
        slots: { to: 'board@millrace.example' },
        evaluate: [],
      },
    },
  ];
}

function deliverGraph(name: string, input: SkillGraph['input'], capability: string, parameters: JsonObject): SkillGraph {
  return {
    id: `sg_deliver_${name}_v1`,
    title: 'Send the report on',
    input: { ...textsInput, ...input },
    nodes: [{ id: 'send', kind: 'capability', title: 'Send it on', capability, parameters }],
    edges: [],
    output: { sent: true },
    max_steps: 5,
  };
}
