import { z } from 'zod';
import { limit } from '../args.ts';
import { SlackError } from '../errors.ts';
import { paginate } from '../paging.ts';
import { renderPerson } from '../render.ts';
import { defineMethod } from './method.ts';

/** https://docs.slack.dev/reference/methods/users.list; without a limit Slack answers with everybody. */
export const usersList = defineMethod({
  name: 'users.list',
  scopes: ['users:read'],
  args: z.strictObject({ limit: limit.default(1000), cursor: z.string().optional(), team_id: z.string().optional() }),
  run({ workspace, token, now }, args) {
    const page = paginate([...workspace.people.values()], (one) => one.id, args.limit, args.cursor);
    const withEmail = token.scopes.includes('users:read.email');
    return {
      members: page.items.map((person) => renderPerson(workspace, person, withEmail)),
      cache_ts: Math.floor(now() / 1000),
      response_metadata: { next_cursor: page.nextCursor },
    };
  },
});

/** https://docs.slack.dev/reference/methods/users.lookupByEmail */
export const usersLookupByEmail = defineMethod({
  name: 'users.lookupByEmail',
  scopes: ['users:read.email'],
  args: z.strictObject({ email: z.string().min(1) }),
  run({ workspace }, { email }) {
    const person = [...workspace.people.values()].find((one) => one.email === email.toLowerCase());
    if (person === undefined) throw new SlackError('users_not_found');
    return { user: renderPerson(workspace, person, true) };
  },
});
