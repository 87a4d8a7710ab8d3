import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ControlError, parseInput } from '../control/errors.ts';
import { findMessage } from './conversations.ts';
import { APP, INSTALLER } from './seed.ts';
import type { Workspace } from './workspace.ts';
import { newTeamSchema, seedMessageSchema, settingsSchema } from './wire.ts';
import type { TeamView } from './wire.ts';
import type { Workspaces } from './workspaces.ts';

function toView(workspace: Workspace): TeamView {
  return {
    team: workspace.id,
    name: workspace.name,
    bot_user_id: APP.botUserId,
    installer: INSTALLER,
    channels: [...workspace.conversations.values()]
      .filter(({ kind }) => kind !== 'im')
      .map(({ id, name, kind, isArchived }) => ({ id, name, kind, is_archived: isArchived })),
    people: [...workspace.people.values()].flatMap(({ id, name, realName, email }) =>
      email === null ? [] : [{ id, name, real_name: realName, email }],
    ),
  };
}

/** A message that a person wrote, as if typed into Slack. */
function seedMessage(workspace: Workspace, body: unknown) {
  const input = parseInput(seedMessageSchema, body);
  const conversation = workspace.conversations.get(input.channel);
  if (conversation === undefined) throw new ControlError(400, `no channel ${input.channel}`);
  if (!workspace.people.has(input.user)) throw new ControlError(400, `no person ${input.user}`);
  const threadTs = input.thread_ts ?? null;
  if (threadTs !== null && findMessage(conversation, threadTs) === undefined)
    throw new ControlError(400, `no message ${threadTs}`);
  const message = workspace.post(conversation, { user: input.user, text: input.text, threadTs });
  return { channel: conversation.id, ts: message.ts };
}

/** Controls that only Slack has: workspaces, their settings, and what people write in them. */
export function registerSlackControls(app: FastifyInstance, workspaces: Workspaces): void {
  const find = (params: unknown): Workspace => {
    const { team } = parseInput(z.strictObject({ team: z.string() }), params);
    const workspace = workspaces.find(team);
    if (workspace === undefined) throw new ControlError(404, `no team ${team}`);
    return workspace;
  };
  app.post('/teams', (request, reply) => {
    const { team } = parseInput(newTeamSchema, request.body);
    return reply.code(201).send(toView(workspaces.ensure(team)));
  });
  app.get('/teams/:team', (request) => toView(find(request.params)));
  app.patch('/teams/:team/settings', (request, reply) => {
    const workspace = find(request.params);
    const settings = parseInput(settingsSchema, request.body);
    workspace.tokenLifetimeS = settings.expires_in ?? workspace.tokenLifetimeS;
    workspace.hasRotation = settings.rotation ?? workspace.hasRotation;
    return reply.code(204).send();
  });
  app.post('/teams/:team/messages', (request, reply) => reply.code(201).send(seedMessage(find(request.params), request.body)));
}
