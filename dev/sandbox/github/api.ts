import { jsonAnswer } from '../core/answer.ts';
import type { Answer } from '../core/answer.ts';
import { GitHubError, invalid, renderFailure } from './errors.ts';
import type { GitHubMethod, MethodContext } from './methods.ts';
import type { GitHubDeps } from './oauth.ts';
import type { Person } from './people.ts';

export interface ApiCall {
  method: GitHubMethod;
  requestId: string;
  params: MethodContext['params'];
  query: Record<string, unknown>;
  text: string;
  bearer: string | undefined;
  userAgent: string | undefined;
  /** Of the request, without its query: what links lead to. */
  url: string;
}

/** https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api */
const PER_HOUR = 5_000;
const HOUR_MS = 3_600_000;

/** One request, from its token to its answer. */
export function answerApi(deps: GitHubDeps, call: ApiCall): Answer {
  try {
    if (!call.userAgent)
      throw new GitHubError(
        403,
        'Request forbidden by administrative rules. Please make sure your request has a User-Agent header.',
      );
    const person = requirePerson(deps, call);
    const headers = count(person, deps.machinery.now());
    const answer = perform(deps, person, call);
    return { ...answer, headers: { ...headers, ...answer.headers } };
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    return renderFailure(error);
  }
}

function requirePerson({ machinery, people }: GitHubDeps, { bearer = '' }: ApiCall): Person {
  const token = machinery.tokens.find(bearer, 'access');
  const isLive = token?.state === 'live' && (token.expiresAtMs === null || token.expiresAtMs > machinery.now());
  const person = isLive ? people.find(token.team) : undefined;
  if (person === undefined) throw new GitHubError(401, 'Bad credentials');
  return person;
}

function count(person: Person, nowMs: number): Record<string, string> {
  if (person.resetsAtMs <= nowMs) Object.assign(person, { used: 0, resetsAtMs: nowMs + HOUR_MS });
  person.used += 1;
  const headers = {
    'x-ratelimit-limit': String(PER_HOUR),
    'x-ratelimit-remaining': String(Math.max(0, PER_HOUR - person.used)),
    'x-ratelimit-used': String(person.used),
    'x-ratelimit-reset': String(Math.ceil(person.resetsAtMs / 1_000)),
  };
  if (person.used > PER_HOUR) throw new GitHubError(403, `API rate limit exceeded for user ID ${person.id}.`, headers);
  return headers;
}

function perform({ machinery }: GitHubDeps, person: Person, { method, requestId, ...call }: ApiCall): Answer {
  const source = { provider: 'github', team: person.id, method: method.name, request_id: requestId };
  const answered = method.call({
    person,
    params: call.params,
    query: call.query,
    body: call.text === '' ? undefined : parseJson(call.text),
    at: new Date(machinery.now()).toISOString().replace(/\.\d+Z$/, 'Z'),
    recordEffect: (details) => machinery.effects.record(source, details),
  });
  if ('body' in answered) return jsonAnswer(answered.status ?? 200, answered.body);
  const { list, page, perPage } = answered;
  const last = Math.max(1, Math.ceil(list.length / perPage));
  const links = page < last ? { link: `${linkTo(call, page + 1)}; rel="next", ${linkTo(call, last)}; rel="last"` } : {};
  return jsonAnswer(200, list.slice((page - 1) * perPage, page * perPage), links);
}

function linkTo({ url, query }: Pick<ApiCall, 'url' | 'query'>, page: number): string {
  const own = Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]);
  return `<${url}?${new URLSearchParams([...own.filter(([name]) => name !== 'page'), ['page', String(page)]]).toString()}>`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('Problems parsing JSON');
  }
}
