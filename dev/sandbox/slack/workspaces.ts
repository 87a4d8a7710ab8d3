import { randomBytes } from 'node:crypto';
import { createWorkspace } from './workspace.ts';
import type { Workspace } from './workspace.ts';

export interface Workspaces {
  find(id: string): Workspace | undefined;
  /** The workspace of that id, made and seeded when it is new; without an id a new one. */
  ensure(id?: string): Workspace;
}

/**
 * The workspace of the person at the consent page who names none: the same after each restart, as at Slack, so that a
 * reconnected account is the account it was.
 */
export const HOME_TEAM = 'T0MILLRACE';

/** The form of Slack's team ids. */
export const TEAM_ID = /^T[A-Z0-9]{2,20}$/;

export function createWorkspaces(now: () => number): Workspaces {
  const workspaces = new Map<string, Workspace>();
  return {
    find: (id) => workspaces.get(id),
    ensure(id = `T${randomBytes(5).toString('hex').toUpperCase()}`) {
      const workspace = workspaces.get(id) ?? createWorkspace(id, now);
      workspaces.set(id, workspace);
      return workspace;
    },
  };
}
