import type { JsonObject } from '../../../contracts/json.ts';
import type { EffectCapability } from '../definition.ts';
import { readBody, text, texts } from '../parameters.ts';
import { numberOf, ofRepository, sending, WRITE } from './facts.ts';
import { ISSUE, toIssue } from './issue-view.ts';
import { findMarked, withMarker } from './marker.ts';
import { BODY_PARAMETER, INTEGER, NUMBER_PARAMETER, objectSchema, REPOSITORY_PARAMETER, TEXT } from './schemas.ts';
import { commentSchema, issueSchema } from './wire.ts';

/** GitHub has no idempotency keys: what a call wrote is known by the comment of HTML at its end. */
export const issueCreate: EffectCapability = {
  ...WRITE,
  capability: 'issue.create',
  title: 'Open an issue',
  description: 'Opens an issue in a repository.',
  permission: 'issue.write',
  summaryParameter: 'repository',
  inputSchema: objectSchema(
    {
      repository: REPOSITORY_PARAMETER,
      title: { type: 'string', minLength: 1, maxLength: 256 },
      body: BODY_PARAMETER,
      labels: { type: 'array', maxItems: 10, items: { type: 'string', minLength: 1, maxLength: 50 } },
    },
    ['repository', 'title', 'body'],
  ),
  outputSchema: ISSUE,
  // https://docs.github.com/en/rest/issues/issues#create-an-issue
  request: (parameters, { nativeKey }) =>
    sending('POST', ofRepository(parameters, '/issues'), {
      title: text(parameters, 'title'),
      body: withMarker(text(parameters, 'body'), nativeKey),
      labels: texts(parameters, 'labels'),
    }),
  result: (body) => toIssue(readBody(issueSchema, body)),
  effectId: (result) => text(result, 'url'),
  lookup: {
    scopes: [],
    byMarkerAlone: true,
    find: async (parameters, context) => {
      const found = await findMarked(context, ofRepository(parameters, '/issues'), { state: 'all', sort: 'created' });
      return found && toIssue(readBody(issueSchema, found));
    },
  },
};

function toComment(body: JsonObject): JsonObject {
  const { id, html_url: url } = readBody(commentSchema, body);
  return { id, url };
}

export const issueComment: EffectCapability = {
  ...WRITE,
  capability: 'issue.comment',
  title: 'Comment on an issue',
  description: 'Writes a comment on an issue or on a pull request.',
  permission: 'issue.write',
  summaryParameter: 'repository',
  inputSchema: objectSchema({ repository: REPOSITORY_PARAMETER, number: NUMBER_PARAMETER, body: BODY_PARAMETER }, [
    'repository',
    'number',
    'body',
  ]),
  outputSchema: objectSchema({ id: INTEGER, url: TEXT }, ['id', 'url']),
  // https://docs.github.com/en/rest/issues/comments#create-an-issue-comment
  request: (parameters, { nativeKey }) =>
    sending('POST', ofRepository(parameters, `/issues/${numberOf(parameters)}/comments`), {
      body: withMarker(text(parameters, 'body'), nativeKey),
    }),
  result: toComment,
  effectId: (result) => text(result, 'url'),
  lookup: {
    scopes: [],
    byMarkerAlone: true,
    find: async (parameters, context) => {
      const found = await findMarked(context, ofRepository(parameters, `/issues/${numberOf(parameters)}/comments`), {});
      return found && toComment(found);
    },
  },
};

/** Closing again changes nothing, and whether it is closed can be read. */
export const issueClose: EffectCapability = {
  ...WRITE,
  capability: 'issue.close',
  title: 'Close an issue',
  description: 'Closes an issue, or a pull request without merging it.',
  permission: 'issue.write',
  summaryParameter: 'repository',
  inputSchema: objectSchema(
    {
      repository: REPOSITORY_PARAMETER,
      number: NUMBER_PARAMETER,
      reason: { type: 'string', enum: ['completed', 'not_planned'], default: 'completed' },
    },
    ['repository', 'number'],
  ),
  outputSchema: ISSUE,
  // https://docs.github.com/en/rest/issues/issues#update-an-issue
  request: (parameters) =>
    sending('PATCH', ofRepository(parameters, `/issues/${numberOf(parameters)}`), {
      state: 'closed',
      state_reason: text(parameters, 'reason') || 'completed',
    }),
  result: (body) => toIssue(readBody(issueSchema, body)),
  effectId: (result) => `${text(result, 'url')}/closed`,
  lookup: {
    scopes: [],
    find: async (parameters, { reader }) => {
      const method = ofRepository(parameters, `/issues/${numberOf(parameters)}`);
      const issue = readBody(issueSchema, await reader.read(method, {}));
      return issue.state === 'closed' ? toIssue(issue) : undefined;
    },
  },
};
