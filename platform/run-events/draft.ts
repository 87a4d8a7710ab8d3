import type { AgentEvent } from '../../contracts/events.ts';
import type { Json } from '../../contracts/json.ts';

/** What an event of the history says; the mapper adds the ids. Members that are undefined are left out. */
export interface Draft {
  kind: AgentEvent['kind'];
  data: { [member: string]: Json | undefined };
}

export function draft(kind: Draft['kind'], data: Draft['data']): Draft {
  return { kind, data };
}
