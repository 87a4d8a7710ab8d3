import type { JsonObject } from '../../../contracts/json.ts';
import type { CollectCapability } from '../definition.ts';
import { readBody, text } from '../parameters.ts';
import { COMMON, numberOf, ofRepository } from './facts.ts';
import { withoutMarker } from './marker.ts';
import {
  BOOLEAN,
  CURSOR_PARAMETER,
  INTEGER,
  limitParameter,
  NUMBER_PARAMETER,
  objectSchema,
  pageSchema,
  REPOSITORY_PARAMETER,
  STATE_PARAMETER,
  TEXT,
} from './schemas.ts';
import { loginOf, pullSchema, readPage, type Pull } from './wire.ts';

const DEFAULT_LIMIT = 50;
const MAX_BODY = 60_000;

const HEAD: JsonObject = {
  number: INTEGER,
  title: TEXT,
  state: TEXT,
  merged: BOOLEAN,
  draft: BOOLEAN,
  author: TEXT,
  from: { type: 'string', description: 'The branch with the changes.' },
  into: TEXT,
  created: TEXT,
  updated: TEXT,
  url: TEXT,
};
const REQUIRED = Object.keys(HEAD);

function toPull(pull: Pull): JsonObject {
  return {
    number: pull.number,
    title: pull.title,
    state: pull.state,
    merged: pull.merged ?? typeof pull.merged_at === 'string',
    draft: pull.draft ?? false,
    author: loginOf(pull.user),
    from: pull.head.ref,
    into: pull.base.ref,
    created: pull.created_at,
    updated: pull.updated_at,
    url: pull.html_url,
  };
}

/** https://docs.github.com/en/rest/pulls/pulls#list-pull-requests */
export const pullList: CollectCapability = {
  ...COMMON,
  capability: 'pull.list',
  title: 'List pull requests',
  description: 'Lists the pull requests of a repository, the newest first.',
  permission: 'pull.read',
  risk: 'read',
  summaryParameter: 'repository',
  inputSchema: objectSchema(
    {
      repository: REPOSITORY_PARAMETER,
      state: STATE_PARAMETER,
      limit: limitParameter(DEFAULT_LIMIT),
      cursor: CURSOR_PARAMETER,
    },
    ['repository'],
  ),
  outputSchema: pageSchema('pulls', objectSchema(HEAD, REQUIRED)),
  collect: async (parameters, reader) => {
    const args = { state: text(parameters, 'state') || 'open' };
    const list = { method: ofRepository(parameters, '/pulls'), args, schema: pullSchema, defaultLimit: DEFAULT_LIMIT };
    const { items, next } = await readPage(reader, list, parameters);
    return { pulls: items.map(toPull), ...next };
  },
};

export const pullGet: CollectCapability = {
  ...COMMON,
  capability: 'pull.get',
  title: 'Read a pull request',
  description: 'Reads one pull request with its text.',
  permission: 'pull.read',
  risk: 'read',
  summaryParameter: 'repository',
  inputSchema: objectSchema({ repository: REPOSITORY_PARAMETER, number: NUMBER_PARAMETER }, ['repository', 'number']),
  outputSchema: objectSchema({ ...HEAD, body: TEXT }, [...REQUIRED, 'body']),
  collect: async (parameters, reader) => {
    const pull = readBody(pullSchema, await reader.read(ofRepository(parameters, `/pulls/${numberOf(parameters)}`), {}));
    return { ...toPull(pull), body: withoutMarker(pull.body).slice(0, MAX_BODY) };
  },
};
