import { z } from 'zod';
import type { EffectDetails } from '../core/effects.ts';
import { GitHubError, invalid, notFound } from './errors.ts';
import type { Issue, Person, Repository } from './people.ts';

export interface MethodContext {
  person: Person;
  /** Of the path. */
  params: { owner?: string; repo?: string; number?: string; '*'?: string };
  query: Record<string, unknown>;
  body: unknown;
  /** Without the fraction of a second, as GitHub writes it. */
  at: string;
  recordEffect(details: EffectDetails): void;
}

type Members = Record<string, unknown>;
/** A list is cut into pages by whoever answers. */
type Answered = { status?: number; body: Members } | { list: Members[]; page: number; perPage: number };

export interface GitHubMethod {
  /** In words that faults and barriers name. */
  name: string;
  verb: 'GET' | 'POST' | 'PATCH';
  path: string;
  call(context: MethodContext): Answered;
}

const PAGING = {
  page: z.coerce.number().int().min(1).default(1),
  per_page: z.coerce.number().int().min(1).max(100).default(30),
};
const state = z.enum(['open', 'closed', 'all']).default('open');
const since = z.iso.datetime().optional();

/** A member that is not known fails, which it would not at GitHub: a misspelt one cannot pass unnoticed. */
function parse<T>(schema: z.ZodType<T>, given: unknown): T {
  const parsed = schema.safeParse(given ?? {});
  if (!parsed.success) throw invalid(z.prettifyError(parsed.error));
  return parsed.data;
}

function repositoryOf({ person, params }: MethodContext): Repository {
  const found = person.repositories.get(`${params.owner}/${params.repo}`);
  if (found === undefined) throw notFound();
  return found;
}

function issueOf(context: MethodContext): Issue {
  const { issues, pulls } = repositoryOf(context);
  const found = [...issues, ...pulls].find(({ number }) => number === Number(context.params.number));
  if (found === undefined) throw notFound();
  return found;
}

function shownIssue(context: MethodContext, one: Issue): Members {
  const { fullName, pulls, comments } = repositoryOf(context);
  const { head: _head, base: _base, ...issue } = one;
  const isPull = pulls.includes(one);
  return {
    user: { login: 'ines', id: 1 },
    state_reason: null,
    ...issue,
    html_url: `https://github.example/${fullName}/${isPull ? 'pull' : 'issues'}/${one.number}`,
    comments: comments.filter(({ issue: number }) => number === one.number).length,
    ...(isPull && { pull_request: { url: `https://api.github.example/repos/${fullName}/pulls/${one.number}` } }),
  };
}

function shownPull({ fullName }: Repository, one: Issue): Members {
  const html = `https://github.example/${fullName}/pull/${one.number}`;
  return { user: { login: 'ines', id: 1 }, merged_at: null, ...one, html_url: html };
}

/** One installation, with all that the person can see. */
const INSTALLATION_ID = 4_711;
const repositoryId = (person: string, index: number): number => Number(person) * 10 + index;

const newestFirst = (issues: readonly Issue[]) => issues.toSorted((one, other) => other.number - one.number);

const listIssues = z.strictObject({
  ...PAGING,
  state,
  since,
  labels: z.string().optional(),
  sort: z.enum(['created', 'updated', 'comments']).default('created'),
});
const createIssue = z.strictObject({
  title: z.string().min(1).max(256),
  body: z.string().max(65_536).optional(),
  labels: z.array(z.string()).default([]),
});
const updateIssue = z.strictObject({
  state: z.enum(['open', 'closed']),
  state_reason: z.enum(['completed', 'not_planned', 'reopened']).optional(),
});

const issues: GitHubMethod[] = [
  {
    name: 'issues.list',
    verb: 'GET',
    path: '/repos/:owner/:repo/issues',
    call: (context) => {
      const query = parse(listIssues, context.query);
      const repository = repositoryOf(context);
      const labels = query.labels?.split(',') ?? [];
      const list = newestFirst([...repository.issues, ...repository.pulls])
        .filter((one) => query.state === 'all' || one['state'] === query.state)
        .filter((one) => query.since === undefined || Date.parse(one.updated_at) >= Date.parse(query.since))
        .map((one) => shownIssue(context, one))
        .filter((one) => labels.every((label) => (one['labels'] as { name: string }[]).some(({ name }) => name === label)));
      return { list, page: query.page, perPage: query.per_page };
    },
  },
  {
    name: 'issues.get',
    verb: 'GET',
    path: '/repos/:owner/:repo/issues/:number',
    call: (context) => ({ body: shownIssue(context, issueOf(context)) }),
  },
  {
    name: 'issues.create',
    verb: 'POST',
    path: '/repos/:owner/:repo/issues',
    call: (context) => {
      const { title, body = null, labels } = parse(createIssue, context.body);
      const repository = repositoryOf(context);
      const number = Math.max(0, ...[...repository.issues, ...repository.pulls].map((one) => one.number)) + 1;
      const times = { created_at: context.at, updated_at: context.at };
      const made = { number, state: 'open', title, body, labels: labels.map((name) => ({ name })), ...times };
      repository.issues.push(made);
      const shown = shownIssue(context, made);
      context.recordEffect({ repository: repository.fullName, object: structuredClone(shown) });
      return { status: 201, body: shown };
    },
  },
  {
    name: 'issues.update',
    verb: 'PATCH',
    path: '/repos/:owner/:repo/issues/:number',
    call: (context) => {
      const change = parse(updateIssue, context.body);
      const issue = issueOf(context);
      const isChanged = issue['state'] !== change.state;
      if (isChanged) Object.assign(issue, change, { updated_at: context.at });
      const shown = shownIssue(context, issue);
      if (isChanged) context.recordEffect({ repository: repositoryOf(context).fullName, object: structuredClone(shown) });
      return { body: shown };
    },
  },
];

const listComments = z.strictObject({ ...PAGING, since });
const createComment = z.strictObject({ body: z.string().min(1).max(65_536) });

const comments: GitHubMethod[] = [
  {
    name: 'comments.list',
    verb: 'GET',
    path: '/repos/:owner/:repo/issues/:number/comments',
    call: (context) => {
      const query = parse(listComments, context.query);
      const { number } = issueOf(context);
      const list = repositoryOf(context)
        .comments.filter(({ issue }) => issue === number)
        .filter((one) => query.since === undefined || Date.parse(one.updated_at) >= Date.parse(query.since))
        .map((one) => shownComment(context, one));
      return { list, page: query.page, perPage: query.per_page };
    },
  },
  {
    name: 'comments.create',
    verb: 'POST',
    path: '/repos/:owner/:repo/issues/:number/comments',
    call: (context) => {
      const { body } = parse(createComment, context.body);
      const issue = issueOf(context);
      const id = (context.person.nextId += 1);
      const made = { issue: issue.number, id, body, created_at: context.at, updated_at: context.at };
      repositoryOf(context).comments.push(made);
      issue.updated_at = context.at;
      const shown = shownComment(context, made);
      context.recordEffect({ repository: repositoryOf(context).fullName, object: structuredClone(shown) });
      return { status: 201, body: shown };
    },
  },
];

function shownComment(context: MethodContext, { issue, ...comment }: Repository['comments'][number]): Members {
  const html = `https://github.example/${repositoryOf(context).fullName}/issues/${issue}#issuecomment-${comment.id}`;
  return { ...comment, html_url: html, user: { login: context.person.login } };
}

const listPulls = z.strictObject({ ...PAGING, state });
/** Larger files come without their content. https://docs.github.com/en/rest/repos/contents */
const CONTENT_BYTES = 1_000_000;

const rest: GitHubMethod[] = [
  {
    name: 'pulls.list',
    verb: 'GET',
    path: '/repos/:owner/:repo/pulls',
    call: (context) => {
      const query = parse(listPulls, context.query);
      const repository = repositoryOf(context);
      const list = newestFirst(repository.pulls)
        .filter((one) => query.state === 'all' || one['state'] === query.state)
        .map((one) => shownPull(repository, one));
      return { list, page: query.page, perPage: query.per_page };
    },
  },
  {
    name: 'pulls.get',
    verb: 'GET',
    path: '/repos/:owner/:repo/pulls/:number',
    call: (context) => {
      const repository = repositoryOf(context);
      const found = repository.pulls.find(({ number }) => number === Number(context.params.number));
      if (found === undefined) throw notFound();
      return { body: { ...shownPull(repository, found), merged: false } };
    },
  },
  {
    name: 'contents.get',
    verb: 'GET',
    path: '/repos/:owner/:repo/contents/*',
    call: (context) => {
      const { ref } = parse(z.strictObject({ ref: z.string().optional() }), context.query);
      if (ref !== undefined && ref !== 'main') throw new GitHubError(404, `No commit found for the ref ${ref}`);
      const path = context.params['*'] ?? '';
      const { files } = repositoryOf(context);
      const file = files.get(path);
      if (file === undefined) return folder([...files.keys()], path);
      const isLarge = file.length > CONTENT_BYTES;
      const content = isLarge ? '' : file.toString('base64').replace(/.{60}/g, '$&\n');
      const common = { type: 'file', name: path.split('/').at(-1), path, sha: 'f'.repeat(40), size: file.length };
      return { body: { ...common, content, encoding: isLarge ? 'none' : 'base64' } };
    },
  },
  {
    name: 'installations.list',
    verb: 'GET',
    path: '/user/installations',
    call: ({ query }) => {
      parse(z.strictObject(PAGING), query);
      return { body: { total_count: 1, installations: [{ id: INSTALLATION_ID }] } };
    },
  },
  {
    name: 'installations.repositories',
    verb: 'GET',
    path: '/user/installations/:number/repositories',
    call: ({ person, params, query }) => {
      if (Number(params.number) !== INSTALLATION_ID) throw notFound();
      const { page, per_page: perPage } = parse(z.strictObject(PAGING), query);
      const all = [...person.repositories.values()].map(({ fullName }, index) => ({
        id: repositoryId(person.id, index),
        full_name: fullName,
      }));
      return { body: { total_count: all.length, repositories: all.slice((page - 1) * perPage, page * perPage) } };
    },
  },
  {
    name: 'repos.list',
    verb: 'GET',
    path: '/user/repos',
    call: ({ person, query }) => {
      const { page, per_page: perPage } = parse(z.strictObject({ ...PAGING, sort: z.literal('pushed').optional() }), query);
      const list = [...person.repositories.values()].map(({ fullName, isPrivate, description }) => ({
        full_name: fullName,
        description: description === '' ? null : description,
        private: isPrivate,
        archived: false,
        default_branch: 'main',
        html_url: `https://github.example/${fullName}`,
      }));
      return { list, page, perPage };
    },
  },
  {
    name: 'user.get',
    verb: 'GET',
    path: '/user',
    call: ({ person }) => ({ body: { id: Number(person.id), login: person.login, type: 'User' } }),
  },
];

function folder(paths: readonly string[], path: string): Answered {
  const inside = paths.filter((one) => one.startsWith(`${path}/`));
  if (inside.length === 0) throw notFound();
  return { list: inside.map((one) => ({ type: 'file', path: one })), page: 1, perPage: 100 };
}

export const METHODS: readonly GitHubMethod[] = [...issues, ...comments, ...rest];
