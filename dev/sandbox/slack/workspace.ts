import { APP, CHANNELS, EMAIL_DOMAIN, PEOPLE } from './seed.ts';
import type { SeedChannel } from './seed.ts';

export interface Metadata {
  event_type: string;
  event_payload: Record<string, unknown>;
}

export interface Message {
  ts: string;
  user: string;
  text: string;
  /** Set when an app wrote it. */
  botId: string | null;
  /** The parent's `ts`, on replies only. */
  threadTs: string | null;
  metadata: Metadata | null;
  reactions: Map<string, string[]>;
}

export interface Conversation {
  id: string;
  kind: 'public' | 'private' | 'im';
  name: string;
  topic: string;
  isArchived: boolean;
  members: Set<string>;
  createdS: number;
  /** Ascending by `ts`. */
  messages: Message[];
}

export interface Person {
  id: string;
  name: string;
  realName: string;
  title: string;
  email: string | null;
  isBot: boolean;
  tz: string;
}

interface NewMessage {
  user: string;
  text: string;
  botId?: string | null;
  threadTs?: string | null;
  metadata?: Metadata | null;
}

export interface Workspace {
  id: string;
  name: string;
  domain: string;
  people: ReadonlyMap<string, Person>;
  conversations: ReadonlyMap<string, Conversation>;
  /** Settings that tests change. Lifetime in seconds; rotation off gives tokens that never expire. */
  tokenLifetimeS: number;
  hasRotation: boolean;
  /** Adds a message with a `ts` of its own, later than all before it. */
  post(conversation: Conversation, message: NewMessage): Message;
  /** The direct conversation of two users; made when there is none. */
  openDirect(user: string, other: string): { conversation: Conversation; isNew: boolean };
}

/** Slack's own lifetime of a rotated token (https://docs.slack.dev/authentication/using-token-rotation). */
const DEFAULT_TOKEN_LIFETIME_S = 43_200;

/** Slack's timestamp: seconds and microseconds, the id of a message within its conversation. */
function toTs(micros: number): string {
  return `${Math.floor(micros / 1_000_000)}.${String(micros % 1_000_000).padStart(6, '0')}`;
}

function seedPeople(): Map<string, Person> {
  const people = new Map<string, Person>(
    PEOPLE.map((one) => [one.id, { ...one, email: `${one.name}@${EMAIL_DOMAIN}`, isBot: false }]),
  );
  const bot = { id: APP.botUserId, name: APP.botName, realName: 'Clancy', title: '', tz: 'Etc/UTC' };
  return people.set(bot.id, { ...bot, email: null, isBot: true });
}

function seedConversation(seed: SeedChannel, nowMs: number): Conversation {
  const members = [...PEOPLE.map((person) => person.id), ...(seed.hasBot ? [APP.botUserId] : [])];
  return {
    id: seed.id,
    kind: seed.kind ?? 'public',
    name: seed.name,
    topic: seed.topic,
    isArchived: seed.isArchived ?? false,
    members: new Set(members),
    createdS: Math.floor(nowMs / 1000) - 90 * 86_400,
    messages: seedMessages(seed, nowMs),
  };
}

function seedMessages(seed: SeedChannel, nowMs: number): Message[] {
  let step = 0;
  // The added microseconds keep every `ts` of a conversation different, as Slack's are.
  const at = (minutesAgo: number) => toTs((nowMs - minutesAgo * 60_000) * 1000 + ++step);
  const plain = { botId: null, threadTs: null, metadata: null };
  return seed.messages
    .flatMap(({ user, text, minutesAgo, reactions = [], replies = [] }) => {
      const ts = at(minutesAgo);
      const parent: Message = { ...plain, ts, user, text, reactions: new Map(reactions.map((one) => [one.name, one.users])) };
      return [
        parent,
        ...replies.map((reply) => ({
          ...plain,
          user: reply.user,
          text: reply.text,
          ts: at(reply.minutesAgo),
          threadTs: ts,
          reactions: new Map<string, string[]>(),
        })),
      ];
    })
    .sort((a, b) => (a.ts < b.ts ? -1 : 1));
}

function createPoster(now: () => number): Workspace['post'] {
  let lastMicros = 0;
  return (conversation, { user, text, botId = null, threadTs = null, metadata = null }) => {
    lastMicros = Math.max(lastMicros + 1, now() * 1000);
    const message = { ts: toTs(lastMicros), user, text, botId, threadTs, metadata, reactions: new Map<string, string[]>() };
    conversation.messages.push(message);
    return message;
  };
}

/** One Slack workspace, seeded; tests that use different workspaces share nothing. */
export function createWorkspace(id: string, now: () => number): Workspace {
  const conversations = new Map(CHANNELS.map((seed) => [seed.id, seedConversation(seed, now())]));
  return {
    id,
    name: 'Millrace Bindery',
    domain: `millrace-${id.toLowerCase()}`,
    people: seedPeople(),
    conversations,
    tokenLifetimeS: DEFAULT_TOKEN_LIFETIME_S,
    hasRotation: true,
    post: createPoster(now),
    openDirect(user, other) {
      const existing = [...conversations.values()].find(
        (one) => one.kind === 'im' && one.members.has(user) && one.members.has(other),
      );
      if (existing !== undefined) return { conversation: existing, isNew: false };
      // Named after the person, so that a test can tell whose it is.
      const base = { id: `D${other.slice(1)}`, kind: 'im' as const, name: '', topic: '', isArchived: false };
      const unique = conversations.has(base.id) ? `D${user.slice(1)}${other.slice(1)}` : base.id;
      const conversation = {
        ...base,
        id: unique,
        members: new Set([user, other]),
        createdS: Math.floor(now() / 1000),
        messages: [],
      };
      conversations.set(unique, conversation);
      return { conversation, isNew: true };
    },
  };
}
