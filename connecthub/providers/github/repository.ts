import { z } from 'zod';
import type { JsonObject } from '../../../contracts/json.ts';
import type { CollectCapability } from '../definition.ts';
import { text } from '../parameters.ts';
import { ProviderRefusal } from '../refusal.ts';
import { COMMON, ofRepository } from './facts.ts';
import {
  BOOLEAN,
  CURSOR_PARAMETER,
  INTEGER,
  limitParameter,
  objectSchema,
  pageSchema,
  REPOSITORY_PARAMETER,
  TEXT,
} from './schemas.ts';
import { readPage, repositorySchema } from './wire.ts';

const DEFAULT_LIMIT = 50;
/** Longer texts are cut: nobody reads them whole, and a model pays for each word. */
const MAX_TEXT = 100_000;

const REPOSITORY: JsonObject = objectSchema(
  { repository: TEXT, description: TEXT, private: BOOLEAN, archived: BOOLEAN, default_branch: TEXT, url: TEXT },
  ['repository', 'description', 'private', 'archived', 'url'],
);

/** https://docs.github.com/en/rest/repos/repos#list-repositories-for-the-authenticated-user */
export const repositoryList: CollectCapability = {
  ...COMMON,
  capability: 'repository.list',
  title: 'List repositories',
  description: 'Lists the repositories that the connection can see, the last changed first.',
  permission: 'repository.read',
  risk: 'read',
  inputSchema: objectSchema({ limit: limitParameter(DEFAULT_LIMIT), cursor: CURSOR_PARAMETER }, []),
  outputSchema: pageSchema('repositories', REPOSITORY),
  collect: async (parameters, reader) => {
    const list = { method: 'user/repos', args: { sort: 'pushed' }, schema: repositorySchema, defaultLimit: DEFAULT_LIMIT };
    const { items, next } = await readPage(reader, list, parameters);
    const repositories = items.map((one) => ({
      repository: one.full_name,
      description: one.description ?? '',
      private: one.private,
      archived: one.archived ?? false,
      url: one.html_url,
      ...(one.default_branch !== undefined && { default_branch: one.default_branch }),
    }));
    return { repositories, ...next };
  },
};

const fileSchema = z.looseObject({
  type: z.literal('file'),
  size: z.int(),
  sha: z.string(),
  encoding: z.string(),
  content: z.string(),
});

/** https://docs.github.com/en/rest/repos/contents#get-repository-content: up to a megabyte comes along in base64. */
export const fileRead: CollectCapability = {
  ...COMMON,
  capability: 'file.read',
  title: 'Read a file',
  description: 'Reads a text file of a repository.',
  permission: 'repository.read',
  risk: 'read',
  summaryParameter: 'path',
  inputSchema: objectSchema(
    {
      repository: REPOSITORY_PARAMETER,
      path: {
        type: 'string',
        maxLength: 500,
        pattern: '^(?!.*(?:^|/)\\.{1,2}(?:/|$))[^/\\u0000-\\u001f\\u007f]+(?:/[^/\\u0000-\\u001f\\u007f]+)*$',
        description: 'From the top of the repository, such as docs/intro.md.',
      },
      ref: {
        type: 'string',
        minLength: 1,
        maxLength: 250,
        description: 'Branch, tag or commit; the default branch when absent.',
      },
    },
    ['repository', 'path'],
  ),
  outputSchema: objectSchema(
    {
      path: TEXT,
      text: TEXT,
      bytes: INTEGER,
      sha: TEXT,
      is_cut: { type: 'boolean', description: 'The text was longer and is cut.' },
    },
    ['path', 'text', 'bytes', 'sha', 'is_cut'],
  ),
  collect: async (parameters, reader) => {
    const path = text(parameters, 'path').split('/').map(encodeURIComponent).join('/');
    const args = { ref: text(parameters, 'ref') || undefined };
    const file = fileSchema.safeParse(await reader.read(ofRepository(parameters, `/contents/${path}`), args));
    if (!file.success) throw unreadable('not_a_file');
    if (file.data.encoding !== 'base64') throw unreadable('too_large');
    const content = decode(file.data.content);
    const cut = content.slice(0, MAX_TEXT);
    const { size: bytes, sha } = file.data;
    return { path: text(parameters, 'path'), text: cut, bytes, sha, is_cut: content.length > cut.length };
  },
};

/** @throws ProviderRefusal `not_a_text`: bytes that are no UTF-8 tell a reader nothing */
function decode(base64: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(base64, 'base64'));
  } catch {
    throw unreadable('not_a_text');
  }
}

function unreadable(reason: string): ProviderRefusal {
  return new ProviderRefusal({ code: 'provider_refused', reason, retryable: false });
}
