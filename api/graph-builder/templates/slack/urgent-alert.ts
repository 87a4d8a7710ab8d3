import { messagesInput, text } from '../pieces.ts';
import { evaluatePick, pickUrgentGraph, URGENT_NEEDS, urgentWords } from './pick-urgent.ts';
import type { SkillTemplate } from '../template.ts';

/** Passes urgent messages on to a channel. */
export const urgentAlert: SkillTemplate = {
  id: 'urgent_alert',
  title: 'Alert {target} about urgent messages',
  asks: [
    'when a message in #desk sounds urgent, post it in #on-call straight away',
    'if somebody reports an outage, alert #ops immediately',
  ],
  needs: [
    ...URGENT_NEEDS,
    ['post*', 'put', 'alert*', 'forward*', 'share', 'flag', 'raise', 'escalate*', 'announce*', 'tell', 'notify'],
  ],
  helps: ['urgent', 'immediately', 'alert', 'message', 'straight away', 'right away'],
  excludes: ['dm', 'direct message*', 'digest*', 'summar*'],
  wholeSentence: true,
  event: { source: 'slack' },
  slots: [
    { name: 'target', kind: 'target_channel', required: true, question: 'In which channel should the alert appear?' },
    urgentWords,
  ],
  graphs: [
    {
      id: 'sg_urgent_alert_v1',
      title: 'Alert a channel',
      input: {
        ...messagesInput,
        target: text('Channel of the alert'),
        words: { type: 'array', description: 'Words that make a message urgent', required: true },
      },
      nodes: [
        {
          id: 'pick',
          kind: 'graph',
          title: 'Pick urgent messages',
          graph: 'sg_pick_urgent_v1',
          input: { messages: '=[input.messages]', words: '=[input.words]' },
        },
        {
          id: 'alert_each',
          kind: 'foreach',
          title: 'Alert',
          items: '[nodes.pick]',
          body: 'sg_post_alert_v1',
          input: { target: '=input.target', text: '=item' },
          max_items: 20,
          max_parallel: 1,
        },
      ],
      edges: [{ from: 'pick', to: 'alert_each' }],
      output: { alerts: '=$count(nodes.alert_each)' },
      max_steps: 10,
    },
    pickUrgentGraph,
    {
      id: 'sg_post_alert_v1',
      title: 'Post one alert',
      input: { target: text('Channel'), text: text('The alert') },
      nodes: [
        {
          id: 'post',
          kind: 'capability',
          title: 'Post the alert',
          capability: 'slack/slack.post',
          parameters: { channel: '=input.target', text: '=input.text' },
        },
      ],
      edges: [],
      output: '=nodes.post',
      max_steps: 5,
    },
  ],
  permissions: ['slack.write'],
  allows: [
    {
      capability: 'slack/slack.post',
      when: 'parameters.channel = {target} and $substring(parameters.text, 0, 10) = "Urgent in "',
      said: ['target'],
      reason: 'The description asks for alerts in {target}.',
    },
  ],
  example: {
    text: 'If somebody reports an outage in #desk, alert #ops immediately.',
    slots: { target: '#ops' },
    evaluate: evaluatePick,
  },
};
