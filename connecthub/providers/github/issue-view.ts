import type { JsonObject } from '../../../contracts/json.ts';
import { withoutMarker } from './marker.ts';
import { INTEGER, objectSchema, TEXT, TEXTS } from './schemas.ts';
import { labelNames, loginOf, type Issue } from './wire.ts';

const MAX_BODY = 60_000;

const HEAD: JsonObject = {
  number: INTEGER,
  title: TEXT,
  state: TEXT,
  author: TEXT,
  labels: TEXTS,
  comments: INTEGER,
  created: TEXT,
  updated: TEXT,
  url: TEXT,
};
const REQUIRED = ['number', 'title', 'state', 'author', 'labels', 'created', 'updated', 'url'];

export const ISSUE: JsonObject = objectSchema(HEAD, REQUIRED);
export const WHOLE_ISSUE: JsonObject = objectSchema({ ...HEAD, body: TEXT }, [...REQUIRED, 'body']);

export function toIssue(issue: Issue): JsonObject {
  return {
    number: issue.number,
    title: issue.title,
    state: issue.state,
    author: loginOf(issue.user),
    labels: labelNames(issue.labels),
    created: issue.created_at,
    updated: issue.updated_at,
    url: issue.html_url,
    ...(issue.comments !== undefined && { comments: issue.comments }),
  };
}

export function toWholeIssue(issue: Issue): JsonObject {
  return { ...toIssue(issue), body: withoutMarker(issue.body).slice(0, MAX_BODY) };
}
