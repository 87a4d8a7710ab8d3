import { report, toChannel } from '../deliver.ts';
import { call, compute, optional, required } from '../nodes.ts';
import type { SkillTemplate, TemplateSlot } from '../template.ts';

const repository: TemplateSlot = {
  name: 'repository',
  kind: 'repository',
  required: true,
  question: 'Which repository is meant? Say it as owner/name.',
};
const since: TemplateSlot = {
  name: 'since_hours',
  kind: 'hours',
  required: false,
  default: 0,
  question: 'How far back should it look?',
};
const input = {
  repository: required('string', 'owner/name'),
  since_hours: optional('number', 'How far back, in hours; 0 = a week', 0),
};
const SINCE = '$fromMillis($toMillis(now) - (input.since_hours > 0 ? input.since_hours : 168) * 3600000)';
const GITHUB = ['github', 'repo', 'repos', 'repositor*'];

const issue = (number: number, created: string, more = {}) => ({
  number,
  title: `Issue <${number}>`,
  state: 'open',
  author: 'ada',
  labels: ['bug'],
  created,
  updated: created,
  url: `https://github.example/o/r/issues/${number}`,
  ...more,
});

/** New issues, and how many are open. */
export const issueDigest: SkillTemplate = report({
  id: 'issue_digest',
  title: 'Post new issues in {target}',
  asks: [
    'post the new issues of acme/shop in #dev',
    'every morning share a digest of open GitHub issues of acme/site in #engineering',
  ],
  needs: [
    ['issue*', 'bug report*', 'bugs', 'tickets on github'],
    ['post*', 'share*', 'digest*', 'summar*', 'list*', 'report*', 'overview*', 'tell*'],
  ],
  helps: [...GITHUB, 'new', 'open', 'digest*'],
  excludes: [
    'create*',
    'comment*',
    'close*',
    'invoice*',
    'dm',
    'direct message*',
    'email*',
    'open an issue',
    'pull request*',
    'prs',
  ],
  delivery: toChannel,
  slots: [repository, since],
  input,
  read: [call('list', 'List the issues', 'github/issue.list', { repository: '=input.repository', state: 'open', limit: 100 })],
  beginning: 'Issues of ',
  words: `(
    $since := ${SINCE};
    $all := [nodes.list.issues];
    $new := [$all[created >= $since]];
    $plain(input.repository) & ": " & $many($count($all), "open", "open") & ", " & $string($count($new)) & " new"
      & ($count($new) = 0 ? "" : "\\n" & $join([$new[[0..29]].("• <" & url & "|#" & $string(number) & "> " & $plain(title) & " (" & $plain(author) & ($count(labels) = 0 ? "" : "; " & $plain($join(labels, ", "))) & ")")], "\\n"))
  )`,
  output: { open: '=$count(nodes.list.issues)' },
  reads: ['issue.read'],
  example: {
    text: 'Every Monday at 9:00 post the new issues of acme/shop on GitHub in #dev.',
    slots: { target: '#dev', repository: 'acme/shop' },
    evaluate: [
      {
        graph: 'sg_issue_digest_v1',
        node: 'word',
        scope: {
          now: '2026-11-23T10:00:00.000Z',
          input: { repository: 'acme/shop', since_hours: 0 },
          nodes: { list: { issues: [issue(2, '2026-11-22T10:00:00Z'), issue(1, '2026-10-22T10:00:00Z')] } },
        },
        expect: 'Issues of acme/shop: 2 open, 1 new\n• <https://github.example/o/r/issues/2|#2> Issue &lt;2&gt; (ada; bug)',
      },
    ],
  },
});

const listPulls = (state: 'open' | 'closed') =>
  call('list', 'List the pull requests', 'github/pull.list', { repository: '=input.repository', state, limit: 100 });
const pull = (number: number, more = {}) => ({
  number,
  title: `Change ${number}`,
  state: 'open',
  merged: false,
  draft: false,
  author: 'ada',
  from: 'a',
  into: 'main',
  created: '2026-11-01T10:00:00Z',
  updated: '2026-11-10T10:00:00Z',
  url: `https://github.example/o/r/pull/${number}`,
  ...more,
});

/** Open pull requests that nobody has touched for some days, drafts left out. */
export const stalePulls: SkillTemplate = report({
  id: 'stale_pulls',
  title: 'Post pull requests that wait in {target}',
  asks: [
    'remind #dev of pull requests of acme/shop that wait for a review',
    'post stale pull requests of acme/site in #engineering each morning',
  ],
  needs: [
    ['pull request*', 'prs', 'pr', 'merge request*', 'code review*'],
    ['stale', 'wait*', 'old', 'untouched', 'open', 'remind*', 'review*', 'forgotten', 'no activity', 'inactive', 'stuck', 'days'],
  ],
  helps: [...GITHUB, 'review*', 'post*', 'days'],
  excludes: ['comment on', 'close', 'merge them', 'merged', 'release*', 'dm', 'direct message*', 'email*', 'approve*'],
  delivery: toChannel,
  slots: [repository],
  input: { repository: input.repository, after_days: optional('number', 'Days without a change', 3) },
  read: [
    listPulls('open'),
    compute(
      'stale',
      'Keep those that wait',
      '($due := $fromMillis($toMillis(now) - input.after_days * 86400000); [nodes.list.pulls[$not(draft) and updated <= $due]^(updated)])',
    ),
  ],
  beginning: 'Pull requests that wait in ',
  words: `$plain(input.repository) & ": " & ($count(nodes.stale) = 0 ? "none" : "\\n" & $join([nodes.stale[[0..29]].(
    "• <" & url & "|#" & $string(number) & "> " & $plain(title) & " (" & $plain(author) & ", " & $many($floor(($toMillis($$.now) - $toMillis(updated)) / 86400000), "day", "days") & ")"
  )], "\\n"))`,
  output: { count: '=$count(nodes.stale)' },
  reads: ['pull.read'],
  example: {
    text: 'Every weekday at 9:00 remind #dev of pull requests of acme/shop that wait for a review.',
    slots: { target: '#dev', repository: 'acme/shop' },
    evaluate: [
      {
        graph: 'sg_stale_pulls_v1',
        node: 'stale',
        scope: {
          now: '2026-11-23T10:00:00.000Z',
          input: { after_days: 3 },
          nodes: { list: { pulls: [pull(1), pull(2, { draft: true }), pull(3, { updated: '2026-11-22T10:00:00Z' })] } },
        },
        expect: [pull(1)],
      },
      {
        graph: 'sg_stale_pulls_v1',
        node: 'word',
        scope: { now: '2026-11-23T10:00:00.000Z', input: { repository: 'acme/shop' }, nodes: { stale: [pull(1)] } },
        expect: 'Pull requests that wait in acme/shop: \n• <https://github.example/o/r/pull/1|#1> Change 1 (ada, 13 days)',
      },
    ],
  },
});

/** What was merged since the last turn, as notes for everybody. */
export const releaseNotes: SkillTemplate = report({
  id: 'release_notes',
  title: 'Post what was merged in {target}',
  asks: ['post release notes of acme/shop in #product', 'every Friday share a changelog of acme/site in #all-hands'],
  needs: [
    ['release note*', 'changelog', 'change log', 'merged', 'what shipped', 'shipped', "what's new"],
    ['post*', 'share*', 'publish*', 'write*', 'announc*', 'list*', 'summar*', 'digest*'],
  ],
  helps: [...GITHUB, 'pull request*', 'week*', 'release*'],
  excludes: ['dm', 'direct message*', 'email*', 'create a release', 'tag', 'orders'],
  delivery: toChannel,
  slots: [repository, since],
  input,
  read: [
    listPulls('closed'),
    compute('merged', 'Keep what was merged', `($since := ${SINCE}; [nodes.list.pulls[merged and updated >= $since]^(number)])`),
  ],
  beginning: 'New in ',
  words: `$plain(input.repository) & ": " & ($count(nodes.merged) = 0 ? "nothing" : "\\n" & $join([nodes.merged.("• " & $plain(title) & " (<" & url & "|#" & $string(number) & ">, " & $plain(author) & ")")], "\\n"))`,
  output: { count: '=$count(nodes.merged)' },
  reads: ['pull.read'],
  example: {
    text: 'Every Friday at 15:00 post release notes of acme/shop in #product.',
    slots: { target: '#product', repository: 'acme/shop' },
    evaluate: [
      {
        graph: 'sg_release_notes_v1',
        node: 'merged',
        scope: {
          now: '2026-11-11T10:00:00.000Z',
          input: { since_hours: 0 },
          nodes: { list: { pulls: [pull(2, { merged: true }), pull(1)] } },
        },
        expect: [pull(2, { merged: true })],
      },
      {
        graph: 'sg_release_notes_v1',
        node: 'word',
        scope: { input: { repository: 'acme/shop' }, nodes: { merged: [pull(2)] } },
        expect: 'New in acme/shop: \n• Change 2 (<https://github.example/o/r/pull/2|#2>, ada)',
      },
    ],
  },
});
