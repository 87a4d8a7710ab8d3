import { call, compute, forEach, inOrder, optional, required, within } from '../nodes.ts';
import type { SkillTemplate } from '../template.ts';
import {
  aboutSlot,
  evaluateNewMails,
  IS_NOTICE,
  mailArguments,
  mailInput,
  newMailsGraph,
  onMail,
  sampleMail,
  sampleNotice,
  sinceSlot,
} from './pieces.ts';

/** Puts one label on one mail. */
export const labelOneGraph = {
  id: 'sg_label_one_v1',
  title: 'Label one mail',
  input: { id: required('string', 'The mail'), label: required('string', 'A label of the mailbox') },
  ...inOrder([call('label', 'Label it', 'gmail/email.label', { id: '=input.id', label: '=input.label' })]),
  output: '=nodes.label',
  max_steps: 5,
};

/**
 * Sorts new mail under labels: each mail gets the first whose words stand in its subject or its first lines, else the label
 * for the rest where there is one ("Other"). A label's words are those of its name, and the manager's in `words`.
 */
export const labelMail: SkillTemplate = {
  id: 'label_mail',
  title: 'Sort new mail under labels',
  asks: [
    'label each new email as Orders, Complaints or Other',
    'sort incoming mail into our labels (Claims, Appointments, Rest)',
    'tag every email with one of the labels "School" and "Private"',
    'tag the mails in the inbox as Supplier, Patient or Other',
  ],
  needs: [
    [
      'label*',
      'categor*',
      'tag',
      'tags',
      'tagged',
      'sort',
      'sorts',
      'sorted',
      'sorting',
      'triage*',
      'folder*',
      'classif*',
      'file',
      'files',
      'filed',
    ],
  ],
  helps: ['label*', 'new', 'each', 'every', 'incoming', 'inbox', 'email*', 'subject'],
  excludes: ['issue*', 'pull request*', 'github', 'newsletter*', 'when done', 'once done', 'afterwards'],
  event: onMail,
  slots: [
    { name: 'labels', kind: 'labels', required: true, question: 'Which labels of the mailbox are there to choose from?' },
    sinceSlot,
    aboutSlot,
  ],
  graphs: [
    {
      id: 'sg_label_mail_v1',
      title: 'Sort new mail under labels',
      input: {
        ...mailInput,
        labels: required('array', 'Labels of the mailbox, the first that fits is taken'),
        words: optional('object', 'More words of a label: { "Returns": ["send back", "exchange"] }', {}),
      },
      ...inOrder([
        within('mails', 'Take the new mails', newMailsGraph, mailArguments),
        compute(
          'choose',
          'Choose the label of each',
          `(
  $labels := [input.labels];
  $more := input.words;
  $rest := [$labels[$contains($lowercase($), /^(other|misc|miscellaneous|rest|general|everything else|unsorted)$/)]][0];
  $stem := function($w) { $length($w) > 4 ? $replace($w, /(ies|s|y)$/, "") : $w };
  $wordsOf := function($label) {
    $append([$split($lowercase($label), /[\\s\\/&,-]+/)[$length($) > 2].$stem($)], [$lookup($more, $label).$lowercase($)])
  };
  [nodes.mails.mails.(
    $mail := $;
    $text := $lowercase(subject & " " & snippet);
    $fits := [$filter($labels, function($l) { $not($l = $rest) and $count($filter($wordsOf($l), function($w) { $contains($text, $w) })) > 0 })][0];
    $label := $exists($fits) ? $fits : $rest;
    $exists($label) ? {"id": $mail.id, "label": $label}
  )]
)`,
        ),
        forEach('label_each', 'Label each', '[nodes.choose]', labelOneGraph, { id: '=item.id', label: '=item.label' }),
      ]),
      output: { labelled: '=[nodes.choose]', mails: '=[nodes.mails.mails.{"id": id, "thread_id": thread_id}]' },
      max_steps: 10,
    },
    newMailsGraph,
    labelOneGraph,
  ],
  permissions: ['email.read', 'email.write'],
  allows: [
    {
      capability: 'gmail/email.label',
      when: 'parameters.label in {labels}',
      said: ['labels'],
      reason: 'The description asks to sort mail under these labels.',
    },
  ],
  example: {
    text: 'Label each new email as "Claims", "Appointments" or "Other".',
    slots: { labels: ['Claims', 'Appointments', 'Other'] },
    evaluate: [
      ...evaluateNewMails,
      {
        graph: 'sg_label_mail_v1',
        node: 'choose',
        scope: {
          input: { labels: ['Appointments', 'Claims', 'Other'], words: { Claims: ['Damage'] } },
          nodes: {
            mails: {
              mails: [
                { ...sampleMail, subject: 'My appointment on Monday' },
                { ...sampleMail, id: 'm2', subject: 'Water damage', snippet: '' },
                { ...sampleMail, id: 'm3', subject: 'Hello', snippet: '' },
              ],
            },
          },
        },
        expect: [
          { id: 'm1', label: 'Appointments' },
          { id: 'm2', label: 'Claims' },
          { id: 'm3', label: 'Other' },
        ],
      },
      {
        graph: 'sg_label_mail_v1',
        node: 'choose',
        scope: {
          input: { labels: ['Invoices'], words: {} },
          nodes: {
            mails: {
              mails: [
                { ...sampleMail, subject: 'Invoice 7' },
                { ...sampleMail, id: 'm2', subject: 'Hello' },
              ],
            },
          },
        },
        expect: [{ id: 'm1', label: 'Invoices' }],
      },
    ],
  },
};

/** Puts newsletters, receipts and other mail that no person wrote under one label. */
export const sortNewsletters: SkillTemplate = {
  id: 'sort_newsletters',
  title: 'Put newsletters under {label}',
  asks: [
    'label newsletters "Reading"',
    'sort newsletters and receipts under the label "Later"',
    'sort automatic mails under the label "Notices"',
  ],
  needs: [
    ['newsletter*', 'receipt*', 'notices', 'promotion*', 'advertis*', 'marketing mail*', 'bulk mail', 'automatic*', 'spam'],
  ],
  helps: ['label*', 'sort*', 'file', 'newsletter*', 'receipt*'],
  excludes: ['delete*', 'unsubscribe*', 'skip*', 'ignore*'],
  event: onMail,
  slots: [
    { name: 'label', kind: 'label', required: true, question: 'Under which label of the mailbox should they go?' },
    sinceSlot,
  ],
  graphs: [
    {
      id: 'sg_sort_newsletters_v1',
      title: 'Put newsletters under a label',
      input: { since_hours: mailInput['since_hours']!, label: required('string', 'A label of the mailbox') },
      ...inOrder([
        within('mails', 'Take the new mails', newMailsGraph, { since_hours: '=input.since_hours' }),
        compute('pick', 'Keep what no person wrote', `($isNotice := ${IS_NOTICE}; [$filter(nodes.mails.mails, $isNotice).id])`),
        forEach('label_each', 'Label each', '[nodes.pick]', labelOneGraph, { id: '=item', label: '=input.label' }),
      ]),
      output: { labelled: '=$count(nodes.label_each)' },
      max_steps: 10,
    },
    newMailsGraph,
    labelOneGraph,
  ],
  permissions: ['email.read', 'email.write'],
  allows: [
    {
      capability: 'gmail/email.label',
      when: 'parameters.label = {label}',
      said: ['label'],
      reason: 'The description asks to put such mail under {label}.',
    },
  ],
  example: {
    text: 'Label incoming newsletters "Reading".',
    slots: { label: 'Reading' },
    evaluate: [
      {
        graph: 'sg_sort_newsletters_v1',
        node: 'pick',
        scope: {
          nodes: { mails: { mails: [sampleMail, sampleNotice, { ...sampleMail, id: 'm3', subject: 'Autumn newsletter' }] } },
        },
        expect: ['m2', 'm3'],
      },
    ],
  },
};
