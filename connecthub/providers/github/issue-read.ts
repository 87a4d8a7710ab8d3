import type { CollectCapability } from '../definition.ts';
import { readBody, text } from '../parameters.ts';
import { COMMON, numberOf, ofRepository } from './facts.ts';
import { ISSUE, toIssue, toWholeIssue, WHOLE_ISSUE } from './issue-view.ts';
import {
  CURSOR_PARAMETER,
  limitParameter,
  NUMBER_PARAMETER,
  objectSchema,
  pageSchema,
  REPOSITORY_PARAMETER,
  STATE_PARAMETER,
} from './schemas.ts';
import { issueSchema, readPage } from './wire.ts';

const DEFAULT_LIMIT = 50;

/** https://docs.github.com/en/rest/issues/issues#list-repository-issues */
export const issueList: CollectCapability = {
  ...COMMON,
  capability: 'issue.list',
  title: 'List issues',
  description: 'Lists the issues of a repository, the newest first. A page may hold fewer than asked for.',
  permission: 'issue.read',
  risk: 'read',
  summaryParameter: 'repository',
  inputSchema: objectSchema(
    {
      repository: REPOSITORY_PARAMETER,
      state: STATE_PARAMETER,
      labels: { type: 'string', maxLength: 200, description: 'Only those with all of these, separated by commas.' },
      limit: limitParameter(DEFAULT_LIMIT),
      cursor: CURSOR_PARAMETER,
    },
    ['repository'],
  ),
  outputSchema: pageSchema('issues', ISSUE),
  collect: async (parameters, reader) => {
    const args = { state: text(parameters, 'state') || 'open', labels: text(parameters, 'labels') || undefined };
    const list = { method: ofRepository(parameters, '/issues'), args, schema: issueSchema, defaultLimit: DEFAULT_LIMIT };
    const { items, next } = await readPage(reader, list, parameters);
    return { issues: items.filter((one) => one.pull_request === undefined).map(toIssue), ...next };
  },
};

export const issueGet: CollectCapability = {
  ...COMMON,
  capability: 'issue.get',
  title: 'Read an issue',
  description: 'Reads one issue with its text.',
  permission: 'issue.read',
  risk: 'read',
  summaryParameter: 'repository',
  inputSchema: objectSchema({ repository: REPOSITORY_PARAMETER, number: NUMBER_PARAMETER }, ['repository', 'number']),
  outputSchema: WHOLE_ISSUE,
  collect: async (parameters, reader) => {
    const method = ofRepository(parameters, `/issues/${numberOf(parameters)}`);
    return toWholeIssue(readBody(issueSchema, await reader.read(method, {})));
  },
};
